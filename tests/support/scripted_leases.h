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
    };

    bool open = true; // whether tryLease gives one
    int leases = 0;
    std::vector<Run> runs; // by id
    std::vector<Reply<std::unique_ptr<inference::Lease>>> wanted;
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
    void lease(const std::string&, Reply<std::unique_ptr<inference::Lease>> reply) override {
        wanted.push_back(std::move(reply));
    }
    Result<inference::ResolvedModel> resolve(const std::string& modelId) override {
        if (modelId.starts_with("unknown"))
            return Error{ErrorCode::ModelNotFound, "no model " + modelId};
        return inference::ResolvedModel{modelId + "@1", modelId, task};
    }

private:
    class Held final : public inference::Lease {
    public:
        explicit Held(ScriptedLeases& house) : m_house(house) { ++m_house.leases; }
        ~Held() override { --m_house.leases; }
        [[nodiscard]] inference::ModelFacts facts() const override { return {"1", "cpu", "fp32"}; }
        Result<std::uint64_t> run(const v1::InferenceRequest& request, inference::OutputHandler handler) override {
            m_house.runs.push_back({request.input_data().text(), std::move(handler)});
            return m_house.runs.size() - 1;
        }
        void cancel(std::uint64_t id) override { m_house.runs.at(id).cancelled = true; }

    private:
        ScriptedLeases& m_house;
    };
};

} // namespace mm::test
