// FairShare: who of several clients has had least, in virtual time: a client's time advances by the compute time it is
// charged, divided by its weight, and whoever has the smallest goes next. Pure arithmetic, one per priority level.
// Whoever was away comes back at most `credit` behind the one served last: idleness is not saved up, and the moment
// between an answer and the next request is not lost either.
#pragma once

#include "engine/base/result.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace mm::inference {

// "name=2,other=0.5": each 0.01 to 1000; ValidationError naming the entry. Unnamed clients weigh 1.
using ClientWeights = std::map<std::string, double, std::less<>>;
Result<ClientWeights> parseClientWeights(std::string_view text);

struct Share {
    double time = 0; // microseconds by weight
    bool known = false;
};

class FairShare {
public:
    explicit FairShare(std::chrono::microseconds credit) : m_credit(static_cast<double>(credit.count())) {}

    // It has work again, after having had none.
    void join(Share& share) const;
    // Its turn has come.
    void serve(Share& share);
    // Negative where an estimate was too high.
    static void charge(Share& share, double weight, std::int64_t micros) {
        share.time += static_cast<double>(micros) / weight;
    }

private:
    double m_credit;
    double m_now = 0; // the time of the one served last, never going back
};

} // namespace mm::inference
