// EngineSwitch: which engine the console's link goes to: its own, one that already runs here, or one elsewhere. Its own
// goes on serving while another is looked at. GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/shell/engines/known_engine.h"
#include "gui/shell/engines/own_engine.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>

namespace mm::gui {

class EngineSwitch : public QObject {
    Q_OBJECT

public:
    // `own` may be null: this console has none.
    EngineSwitch(EngineLink& link, OwnEngine* own, QObject* parent = nullptr);

    void useOwn();
    // Ends the own one, after what runs on it, and starts it anew.
    void restartOwn();
    // Over the network, with that key; empty: none.
    void use(const KnownEngine& engine, const QString& key);
    // It runs here already, on the data folder that the own one would be on: whether to use it is a person's decision.
    void offer(const LocalEngine& engine);
    // Refused at first, or wanted later: the same engine with another key.
    void useKey(const QString& key);

    [[nodiscard]] bool hasOwn() const { return m_own != nullptr; }
    [[nodiscard]] bool isOwn() const { return m_isOwn; }
    // The own one starts or stops, and cannot be asked.
    [[nodiscard]] bool isChanging() const { return m_isChanging; }
    [[nodiscard]] bool ownRuns() const { return m_own && m_own->isRunning(); }
    [[nodiscard]] const std::optional<KnownEngine>& other() const { return m_other; }
    [[nodiscard]] const std::optional<LocalEngine>& offered() const { return m_offered; }
    // "This computer · embedded"
    [[nodiscard]] QString title() const;

Q_SIGNALS:
    void changed();

private:
    void openOwn();
    void refuse(const QString& reason);

    EngineLink& m_link;
    OwnEngine* m_own = nullptr;
    bool m_isOwn = false;
    bool m_isChanging = false;
    bool m_isRestarting = false;
    std::optional<KnownEngine> m_other;
    std::optional<LocalEngine> m_offered;
    std::shared_ptr<grpc::Channel> m_ownChannel;
    QString m_ownKey;
};

} // namespace mm::gui
