// The terminal as a screen of its own, for as long as this object lives: another page, no cursor, keys one by one. What
// was there before comes back however the program ends, signals that end or stop it included. One at a time; one
// thread.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace mm::cli {

class Screen {
public:
    // Keeps the signals that end or stop the program for the screen. Before any other thread begins, since those would
    // be ended by them with the terminal as it is.
    static void claimSignals();
    // After that. Fails where the terminal cannot be set up.
    static Result<std::unique_ptr<Screen>> open();
    ~Screen();
    Screen(const Screen&) = delete;
    Screen& operator=(const Screen&) = delete;

    struct Size {
        std::size_t columns = 80;
        std::size_t lines = 24;
    };
    [[nodiscard]] static Size size();

    // Gives the terminal back before the object ends.
    void close();

    // One string for each line, already cut to the width; what is left of the page is emptied.
    void show(const std::vector<std::string>& lines);

    enum class Event { Time, Key, Resized, Woken, End };
    struct Happening {
        Event event = Event::Time;
        char key = 0;   // of Key
        int signal = 0; // of End: what ended it, or 0 where the terminal has gone
    };
    // Waits for a key, a signal or wake(); Time after so many milliseconds.
    Happening wait(int milliseconds);
    // Any thread.
    void wake();

private:
    struct Parts;
    explicit Screen(std::unique_ptr<Parts> parts);
    void suspend();

    std::unique_ptr<Parts> m_parts;
};

} // namespace mm::cli
