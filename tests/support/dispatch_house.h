// DispatchHouse: a dispatcher over one scripted model that computes two inputs together, on a clock turned by hand.
#pragma once

#include "engine/base/qt_executor.h"
#include "engine/inference/dispatcher.h"
#include "tests/support/manual_clock.h"
#include "tests/support/scripted_leases.h"

#include <QStringList>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace mm::test {

struct DispatchHouse {
    explicit DispatchHouse(inference::DispatcherOptions options = {})
        : dispatcher(std::make_unique<inference::Dispatcher>(
              std::move(options), inference::Dispatcher::Ports{leases, leases, clock, executor})) {
        leases.batchMaxSize = 2; // a window of four
    }

    struct Ask {
        std::string client = "client";
        v1::Priority priority = v1::PRIORITY_UNSPECIFIED;
        int inputs = 1;
        bool patient = false;
        std::optional<int> keepAlive = {};
    };
    // Its text is its id, too.
    void submit(const std::string& id, const Ask& ask) {
        auto request = std::make_shared<v1::InferenceRequest>();
        request->set_model_id("org/m");
        if (ask.inputs == 1)
            request->mutable_input_data()->set_text(id);
        else
            for (int i = 0; i < ask.inputs; ++i)
                request->mutable_input_data()->mutable_text_batch()->add_texts(id);
        request->set_priority(ask.priority);
        if (ask.keepAlive)
            request->set_keep_alive_seconds(*ask.keepAlive);
        dispatcher->submit(std::move(request), {id, ask.client, clock.now(), ask.patient},
                           [this, id](auto answer) { answers.emplace(id, std::move(answer)); });
    }
    void submit(const std::string& id) { submit(id, Ask{}); }
    void answer(std::size_t run, std::int64_t micros = 1000) {
        wv1::Output output;
        output.set_last(true);
        output.mutable_data()->mutable_embedding()->add_values(1);
        output.set_charged_us(micros);
        output.set_batch_size(2);
        leases.runs.at(run).handler(std::move(output));
    }
    [[nodiscard]] QString sent() const {
        QStringList texts;
        for (const auto& run : leases.runs)
            texts << QString::fromStdString(run.text);
        return texts.join(QLatin1Char(' '));
    }
    [[nodiscard]] v1::QueueEntry describe(const std::string& id) const { return dispatcher->describe(id).value(); }
    [[nodiscard]] ErrorCode code(const std::string& id) const { return answers.at(id).error().code; }

    ManualClock clock;
    QtExecutor executor;
    ScriptedLeases leases;
    std::map<std::string, Result<inference::Dispatcher::Response>> answers;
    std::unique_ptr<inference::Dispatcher> dispatcher;
};

} // namespace mm::test
