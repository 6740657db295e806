// EngineLink: the console's one way to an engine, its own or another's. Calls never block; they are answered on the GUI
// thread, as long as the object that asked is still there. The link knows whether the engine answers, and looks again
// when it does not. GUI thread only.
#pragma once

#include "engine/base/result.h"
#include "engine/ipc/service_stubs.h"
#include "gui/client/call_registry.h"
#include "gui/client/stream_reader.h"

#include <QObject>
#include <QPointer>
#include <QString>
#include <QTimer>

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace mm::gui {

namespace v1 = modelmora::v1;
using RegistryCalls = v1::RegistryService::StubInterface::async_interface;
using ManagementCalls = v1::ManagementService::StubInterface::async_interface;
using InferenceCalls = v1::InferenceService::StubInterface::async_interface;
using JobCalls = v1::JobService::StubInterface::async_interface;
using MemoryCalls = v1::MemoryService::StubInterface::async_interface;
using AccessCalls = v1::AccessService::StubInterface::async_interface;
using ObservabilityCalls = v1::ObservabilityService::StubInterface::async_interface;
using SettingsCalls = v1::SettingsService::StubInterface::async_interface;

// Which engine, and who asks it.
struct EngineTarget {
    QString name;        // as people call it: "This computer", "10.0.0.7:50051"
    std::string address; // for errors; empty: within this program
    std::string key;     // an API key; empty: none is sent
};

// Ends a stream or a call early; nothing comes of it any more.
using CallHandle = std::shared_ptr<CallRegistry::Entry>;

class EngineLink : public QObject {
    Q_OBJECT

public:
    enum class State { Closed, Connecting, Connected, Lost };
    static constexpr int kQuickSeconds = 30; // answered from what the engine knows
    static constexpr int kLongSeconds = 600; // hashing files, loading, unloading

    explicit EngineLink(QObject* parent = nullptr);
    // Cancels what is under way and waits until it has ended.
    ~EngineLink() override;

    // From now on everything goes there; answers that the engine before still owed never come.
    void open(EngineTarget target, const std::shared_ptr<grpc::Channel>& channel);
    // Nobody is asked any more; the reason is what every call answers until open().
    void close(Error reason);

    [[nodiscard]] State state() const { return m_state; }
    // Why it is Lost or Closed.
    [[nodiscard]] const Error& fault() const { return m_fault; }
    [[nodiscard]] const EngineTarget& target() const { return m_target; }

    template <typename Response>
    using Answer = std::function<void(Result<Response>)>;

    // For example call(&RegistryCalls::GetModel, request, this, [this](Result<v1::Model> model) { … });
    template <typename Calls, typename Request, typename Response>
    CallHandle call(void (Calls::*method)(grpc::ClientContext*, const Request*, Response*,
                                          std::function<void(grpc::Status)>),
                    std::type_identity_t<Request> request, QObject* receiver,
                    std::type_identity_t<Answer<Response>> answer, int seconds = kQuickSeconds) {
        struct Call {
            CallHandle entry;
            Request request;
            Response response;
        };
        const auto call = std::make_shared<Call>(Call{begin(seconds), std::move(request), {}});
        if (!m_channel) {
            toGui([guard = QPointer(receiver), answer = std::move(answer), fault = m_fault] {
                if (guard)
                    answer(fault);
            });
            return call->entry;
        }
        auto ended = [this, call, guard = QPointer(receiver), answer = std::move(answer)](const grpc::Status& status) {
            // The last that touches this link from gRPC's threads is finish(), after which it may be gone.
            toGui([this, call, guard, answer, status] {
                if (guard && !call->entry->isLetGo())
                    answer(status.ok() ? Result<Response>(std::move(call->response))
                                       : Result<Response>(note(status, call->entry->context)));
            });
            m_calls.finish(call->entry);
        };
        (m_stubs.async<Calls>()->*method)(&call->entry->context, &call->request, &call->response, std::move(ended));
        return call->entry;
    }

    // Messages come in the order in which they were sent, those together that came while the GUI was busy; `over` is
    // called once, after the last of them. Without `seconds` it may last for ever.
    template <typename Calls, typename Request, typename Message>
    CallHandle stream(void (Calls::*method)(grpc::ClientContext*, const Request*, grpc::ClientReadReactor<Message>*),
                      std::type_identity_t<Request> request, QObject* receiver,
                      std::type_identity_t<std::function<void(std::vector<Message>)>> came, Answer<void> over,
                      int seconds = 0) {
        const CallHandle entry = begin(seconds);
        if (!m_channel) {
            toGui([guard = QPointer(receiver), over = std::move(over), fault = m_fault] {
                if (guard)
                    over(fault);
            });
            return entry;
        }
        auto* reader = new StreamReader<Request, Message>( // NOLINT: ends itself in OnDone()
            std::move(request), [this](std::function<void()> task) { toGui(std::move(task)); },
            [guard = QPointer(receiver), entry, came = std::move(came)](std::vector<Message> messages) {
                if (guard && !entry->isLetGo())
                    came(std::move(messages));
            },
            [this, guard = QPointer(receiver), entry, over = std::move(over)](const grpc::Status& status) {
                if (guard && !entry->isLetGo())
                    over(status.ok() ? Result<void>() : Result<void>(note(status, entry->context)));
            },
            [this, entry] { m_calls.finish(entry); });
        (m_stubs.async<Calls>()->*method)(&entry->context, reader->request(), reader);
        reader->start();
        return entry;
    }

Q_SIGNALS:
    // state() or target() is another now.
    void changed();

private:
    [[nodiscard]] CallHandle begin(int seconds);
    // From any thread.
    void toGui(std::function<void()> task);
    // What a failed call says of the link, and to whoever called.
    Error note(const grpc::Status& status, const grpc::ClientContext& context);
    void setState(State state, Error fault = {});
    void probe();

    EngineTarget m_target;
    std::shared_ptr<grpc::Channel> m_channel;
    State m_state = State::Closed;
    Error m_fault;
    QTimer m_probe;
    ServiceStubs m_stubs;
    CallRegistry m_calls;
};

} // namespace mm::gui
