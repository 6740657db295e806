// ScriptedLeases: a model that a test opens, closes and answers for by hand, in place of workers, where the order of
// things matters more than processes.
#pragma once

#include "engine/inference/ports.h"

#include <map>
#include <string>
#include <vector>

namespace mm::test {

namespace v1 = modelmora::v1;
namespace wv1 = modelmora::worker::v1;

class ScriptedLeases final : public inference::ModelLeases, public inference::ModelCatalogue {
public:
    struct Run {
        std::string text;
        inference::OutputHandler handler;
        bool cancelled = false;
        v1::Priority priority = v1::PRIORITY_UNSPECIFIED;
    };

    bool open = true; // whether tryLease gives one
    int leases = 0;
    std::vector<Run> runs; // by id
    std::vector<Reply<std::unique_ptr<inference::Lease>>> wanted;
    std::vector<inference::Urgency> urgencies; // of every lease ever asked for
    std::vector<std::string> demandChanges;
    std::vector<std::optional<std::chrono::seconds>> keepAlives;
    int batchMaxSize = 32;
    std::chrono::milliseconds batchMaxWait{0};
    v1::TaskType task = v1::TASK_TYPE_TXT2EMBED;

    std::unique_ptr<inference::Lease> give() { return std::make_unique<Held>(*this); }
    // Answers everyone who asked for a lease.
    void giveAll() {
        for (auto& reply : std::exchange(wanted, {}))
            reply(give());
    }
    void answer(std::size_t id) {
        wv1::Output output;
        output.set_id(id);
        output.set_last(true);
        output.mutable_data()->mutable_embedding()->add_values(1);
        runs.at(id).handler(std::move(output));
    }

    std::unique_ptr<inference::Lease> tryLease(const std::string&) override { return open ? give() : nullptr; }
    void lease(const std::string&, inference::Urgency urgency,
               Reply<std::unique_ptr<inference::Lease>> reply) override {
        urgencies.push_back(urgency);
        wanted.push_back(std::move(reply));
    }
    void demandChanged(const std::string& key) override { demandChanges.push_back(key); }
    [[nodiscard]] inference::LoadState loadState(const std::string& key) const override {
        return {"loading " + key, std::nullopt};
    }
    [[nodiscard]] int serving(const std::string&) const override { return open ? 1 : 0; }
    Result<inference::ResolvedModel> resolve(const std::string& modelId) override {
        if (modelId.starts_with("unknown"))
            return Error{ErrorCode::ModelNotFound, "no model " + modelId};
        return inference::ResolvedModel{modelId + "@1", modelId, task, batchMaxSize, batchMaxWait};
    }

private:
    class Held final : public inference::Lease {
    public:
        explicit Held(ScriptedLeases& house) : m_house(house) { ++m_house.leases; }
        ~Held() override { --m_house.leases; }
        [[nodiscard]] inference::ModelFacts facts() const override { return {"1", "cpu", "fp32"}; }
        Result<std::uint64_t> run(const v1::InferenceRequest& request, inference::OutputHandler handler) override {
            m_house.runs.push_back({request.input_data().text(), std::move(handler), false, request.priority()});
            return m_house.runs.size() - 1;
        }
        void cancel(std::uint64_t id) override { m_house.runs.at(id).cancelled = true; }
        void setKeepAlive(std::optional<std::chrono::seconds> time) override { m_house.keepAlives.push_back(time); }

    private:
        ScriptedLeases& m_house;
    };
};

} // namespace mm::test
