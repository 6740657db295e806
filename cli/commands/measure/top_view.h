// What `modelmora top` shows: what was asked of the engine, made into lines of a width. Pure, any thread.
#pragma once

#include "cli/output/terminal.h"
#include "modelmora/v1/inference.pb.h"
#include "modelmora/v1/management.pb.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace mm::cli {

namespace v1 = modelmora::v1;

// One look at the engine.
struct TopReading {
    std::chrono::steady_clock::time_point at;
    v1::SystemStatus status;
    v1::MemoryLedger memory;
    v1::QueueReport queue;
    std::string problem; // why there is no newer one; what else is here is then the last that was
};

struct TopRates {
    double requests = 0; // a second
    double inputs = 0;
};

// What models did between two looks, by "org/repo@version". A model that counts from the beginning again did what it
// counts now.
std::map<std::string, TopRates> ratesBetween(const TopReading& before, const TopReading& now);

struct TopStyle {
    std::size_t columns = 80;
    std::size_t lines = 24; // 0: as many as it takes
    std::function<std::string(Colour, const std::string&)> paint;
};

// Every line is at most so wide; where there are too few lines, the least interesting models are left out, and it is
// said.
std::vector<std::string> topLines(const TopReading& now, const std::map<std::string, TopRates>& rates,
                                  const std::string& engine, const TopStyle& style);

// "[######----      ]": of `total`, what is used here and, lighter, by others.
std::string memoryBar(double used, double others, double total, std::size_t columns);

} // namespace mm::cli
