// One warm-up of a model: loads it, runs it some times, one after another, and tells how long each run took. Built on
// what the faces may ask anyway. Any thread; the reply comes once, on the engine thread. The services outlive it.
#pragma once

#include "engine/service/services.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace mm::service {

class WarmUp : public std::enable_shared_from_this<WarmUp> {
public:
    // ValidationError for samples that are not 1 to 1000 (0: 10); NotImplemented for a task that no sample can be
    // made for; otherwise what loading and inferring fail with.
    static std::shared_ptr<WarmUp> make(const Services& services, v1::WarmUpModelRequest request, CallContext call,
                                        Reply<v1::WarmUpModelResponse> reply);

    void start();
    // Whoever asked has left: no further run begins, and the one under way is cancelled.
    void stop();

private:
    WarmUp(const Services& services, v1::WarmUpModelRequest request, CallContext call,
           Reply<v1::WarmUpModelResponse> reply);

    void load(const v1::Model& model);
    void runNext();
    void finish();
    [[nodiscard]] std::string idOf(int run) const;

    Services m_services;
    v1::WarmUpModelRequest m_request;
    CallContext m_call;
    Reply<v1::WarmUpModelResponse> m_reply;
    std::string m_key;
    v1::WarmUpModelResponse m_response;
    std::vector<double> m_times; // of the runs, milliseconds
    std::vector<v1::InputData> m_inputs;
    std::chrono::steady_clock::time_point m_runBegan;
    std::atomic<int> m_run = 0;
    std::atomic<bool> m_isStopped = false;
};

} // namespace mm::service
