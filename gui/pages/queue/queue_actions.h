// QueueActions: what an operator may do with requests, each asked of the engine at once. GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/shell/page.h"

#include <QObject>

#include <functional>
#include <type_traits>
#include <vector>

namespace mm::gui {

class QueueActions : public QObject {
    Q_OBJECT

public:
    explicit QueueActions(const PageContext& context, QObject* parent = nullptr);

    // Each takes of the entries those that it can be done with.
    void cancel(const std::vector<v1::QueueEntry>& entries);
    void move(const std::vector<v1::QueueEntry>& entries, int step);
    void hold(const std::vector<v1::QueueEntry>& entries);
    void release(const std::vector<v1::QueueEntry>& entries);
    void setPriority(const QStringList& requestIds, v1::Priority priority);

Q_SIGNALS:
    // The engine has done something; what it says of the queue is another now.
    void done();

private:
    template <typename Request>
    void ask(void (InferenceCalls::*method)(grpc::ClientContext*, const Request*, v1::QueueEntry*,
                                            std::function<void(grpc::Status)>),
             std::type_identity_t<Request> request);

    PageContext m_context;
};

} // namespace mm::gui
