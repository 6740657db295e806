#include "gui/pages/queue/shares.h"

#include <algorithm>

namespace mm::gui {

void ShareWindow::add(double now, const google::protobuf::RepeatedPtrField<v1::ClientShare>& clients) {
    Sample sample{now, {}};
    m_clients.clear();
    for (const v1::ClientShare& client : clients) {
        sample.computed[client.client()] = client.compute_ms();
        m_clients.push_back({client.client(), client.weight(), client.waiting(), client.running(), 0});
    }
    m_samples.push_back(std::move(sample));
    while (m_samples.size() > 2 && m_samples[1].at <= now - kSpan)
        m_samples.pop_front();
}

std::vector<FairShare> ShareWindow::shares() const {
    std::vector<FairShare> all = m_clients;
    if (m_samples.empty())
        return all;
    double sum = 0;
    for (FairShare& share : all) {
        // Whoever was not there at the beginning had nothing charged; a charge that has shrunk is another engine's.
        const auto before = m_samples.front().computed.find(share.client);
        const double start = before == m_samples.front().computed.end() ? 0 : before->second;
        share.part = std::max(0.0, m_samples.back().computed.at(share.client) - start);
        sum += share.part;
    }
    for (FairShare& share : all)
        share.part = sum > 0 ? share.part / sum : 0;
    std::sort(all.begin(), all.end(), [](const FairShare& one, const FairShare& other) {
        return one.part != other.part ? one.part > other.part : one.client < other.client;
    });
    return all;
}

} // namespace mm::gui
