// EngineState: what the console knows of its engine, asked for once for all pages and kept as it was last answered,
// also while the connection is lost. Asked again every second, and sooner where an event says that something has
// changed. GUI thread.
#pragma once

#include "gui/client/event_feed.h"
#include "modelmora/v1/management.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <QObject>
#include <QTimer>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mm::gui {

class EngineState : public QObject {
    Q_OBJECT

public:
    EngineState(EngineLink& link, EventFeed& events, QObject* parent = nullptr);

    // Unset before the first answer.
    [[nodiscard]] const std::optional<v1::SystemStatus>& status() const { return m_status; }
    [[nodiscard]] const std::optional<v1::MemoryLedger>& memory() const { return m_memory; }
    // What waits for each model and by whom; of the single requests only the first few.
    [[nodiscard]] const std::optional<v1::QueueReport>& queue() const { return m_queue; }
    // Every registered model in its current version, by id.
    [[nodiscard]] const std::optional<std::vector<v1::Model>>& models() const { return m_models; }
    // Of the loaded and loading ones; null where it is neither.
    [[nodiscard]] const v1::ModelStatus* statusOf(const std::string& modelId) const;

    // Why the engine, which answers, does not say how it is: a key that is missing or allows too little.
    [[nodiscard]] const std::optional<Error>& refusal() const { return m_refusal; }

    // Asks for all of it now, such as after something that the user did.
    void refresh();

Q_SIGNALS:
    void statusChanged();
    void memoryChanged();
    void queueChanged();
    void modelsChanged();

private:
    void reset();
    void askSoon();
    void ask();
    void noteRefusal(const Error& error);
    void askModels();
    void takeModels(v1::ListModelsResponse page);

    static constexpr int kWaitingShown = 50;

    EngineLink& m_link;
    QTimer m_every;
    QTimer m_soon;
    QString m_engine;
    int m_open = 0; // answers that are still to come
    bool m_modelsAreOld = true;
    std::vector<v1::Model> m_arriving;
    std::optional<Error> m_refusal;
    std::optional<v1::SystemStatus> m_status;
    std::optional<v1::MemoryLedger> m_memory;
    std::optional<v1::QueueReport> m_queue;
    std::optional<std::vector<v1::Model>> m_models;
};

} // namespace mm::gui
