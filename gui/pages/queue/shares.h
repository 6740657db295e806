// Who got how much of the compute in the last minute: the engine says what it has charged each client since its start,
// so the differences say it. Pure.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace mm::gui {

namespace v1 = modelmora::v1;

struct FairShare {
    std::string client;
    double weight = 1;
    int waiting = 0;
    int running = 0;
    double part = 0; // 0 to 1
};

class ShareWindow {
public:
    static constexpr double kSpan = 60'000; // ms

    void add(double now, const google::protobuf::RepeatedPtrField<v1::ClientShare>& clients);
    void clear() { m_samples.clear(); }
    // The largest part first; those of equal part by name.
    [[nodiscard]] std::vector<FairShare> shares() const;

private:
    struct Sample {
        double at = 0;
        std::map<std::string, double> computed;
    };

    std::deque<Sample> m_samples; // the first is the last one older than the span
    std::vector<FairShare> m_clients;
};

} // namespace mm::gui
