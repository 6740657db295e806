// Theme: the console's colours, icons and measures, light, dark or high in contrast. One owner of what everything looks
// like: widgets ask for a role and never for a colour by number. GUI thread.
#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QString>

#include <array>
#include <map>
#include <string>

namespace mm::gui {

enum class Role {
    Window, // behind the cards
    Side,   // behind the navigation
    Card,
    Line,
    Text,
    Muted, // what explains
    Faint, // what may be overlooked
    Accent,
    Good,
    Warning,
    Bad, // only what is broken
    Hover,
    OtherPrograms,
    Free,
};

enum class Shade { Light, Dark, Contrast };

class Theme : public QObject {
    Q_OBJECT

public:
    explicit Theme(QObject* parent = nullptr);

    // Changes the whole application.
    void apply(Shade shade);
    // As the desktop's palette has it, which is in place again until apply().
    [[nodiscard]] static Shade systemShade();

    [[nodiscard]] Shade shade() const { return m_shade; }
    [[nodiscard]] QColor colour(Role role) const;
    // One for each model on every page; the same as long as the console runs. Six, told apart by colour-blind people
    // too; the seventh model begins anew.
    [[nodiscard]] QColor modelColour(const std::string& modelId);
    // Of resources/icons, in the colour of that role as it is when it is painted, for any size.
    [[nodiscard]] QIcon icon(const QString& name, Role role = Role::Muted) const;
    // The system's, with figures of equal width.
    [[nodiscard]] static QFont figures();
    [[nodiscard]] static QFont monospaced();

    static constexpr int kGrid = 4; // pixels; margins and gaps are multiples of it

Q_SIGNALS:
    void changed();

private:
    Shade m_shade = Shade::Light;
    std::map<std::string, std::size_t> m_models;
};

} // namespace mm::gui
