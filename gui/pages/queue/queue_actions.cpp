#include "gui/pages/queue/queue_actions.h"

#include "gui/pages/queue/lanes.h"

namespace mm::gui {

QueueActions::QueueActions(const PageContext& context, QObject* parent) : QObject(parent), m_context(context) {}

template <typename Request>
void QueueActions::ask(void (InferenceCalls::*method)(grpc::ClientContext*, const Request*, v1::QueueEntry*,
                                                      std::function<void(grpc::Status)>),
                       std::type_identity_t<Request> request) {
    m_context.link.call(method, std::move(request), this, [this](const Result<v1::QueueEntry>& answer) {
        if (!answer.ok())
            m_context.guide.tellFailure(QString::fromStdString(answer.error().message));
        Q_EMIT done();
    });
}

void QueueActions::cancel(const std::vector<v1::QueueEntry>& entries) {
    for (const v1::QueueEntry& entry : entries)
        if (canCancel(entry)) {
            v1::CancelRequestRequest request;
            request.set_request_id(entry.request_id());
            ask(&InferenceCalls::CancelRequest, std::move(request));
        }
}

void QueueActions::move(const std::vector<v1::QueueEntry>& entries, int step) {
    for (const v1::QueueEntry& entry : entries)
        if (const auto priority = neighbour(entry, step))
            setPriority({QString::fromStdString(entry.request_id())}, *priority);
}

void QueueActions::hold(const std::vector<v1::QueueEntry>& entries) {
    for (const v1::QueueEntry& entry : entries)
        if (canHold(entry)) {
            v1::HoldRequestRequest request;
            request.set_request_id(entry.request_id());
            ask(&InferenceCalls::HoldRequest, std::move(request));
        }
}

void QueueActions::release(const std::vector<v1::QueueEntry>& entries) {
    for (const v1::QueueEntry& entry : entries)
        if (canRelease(entry)) {
            v1::ReleaseRequestRequest request;
            request.set_request_id(entry.request_id());
            ask(&InferenceCalls::ReleaseRequest, std::move(request));
        }
}

void QueueActions::setPriority(const QStringList& requestIds, v1::Priority priority) {
    for (const QString& id : requestIds) {
        v1::SetRequestPriorityRequest request;
        request.set_request_id(id.toStdString());
        request.set_priority(priority);
        ask(&InferenceCalls::SetRequestPriority, std::move(request));
    }
}

} // namespace mm::gui
