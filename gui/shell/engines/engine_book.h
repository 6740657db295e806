// EngineBook: the engines that somebody has named, remembered from one start to the next; their keys are in the
// SecretStore. GUI thread.
#pragma once

#include "gui/shell/engines/known_engine.h"
#include "gui/shell/engines/secret_store.h"

#include <QObject>

#include <functional>
#include <vector>

class QSettings;

namespace mm::gui {

class EngineBook : public QObject {
    Q_OBJECT

public:
    EngineBook(QSettings& settings, SecretStore& secrets, QObject* parent = nullptr);

    [[nodiscard]] const std::vector<KnownEngine>& engines() const { return m_engines; }
    // Null where there is none of that name.
    [[nodiscard]] const KnownEngine* find(const QString& name) const;
    // In place of one of the same name. An empty key: as it was.
    void add(const KnownEngine& engine, const QString& key);
    void forget(const QString& name);
    void keyOf(const KnownEngine& engine, std::function<void(const QString&)> answer);
    void setKey(const KnownEngine& engine, const QString& key);

Q_SIGNALS:
    void changed();

private:
    void save();

    QSettings& m_settings;
    SecretStore& m_secrets;
    std::vector<KnownEngine> m_engines;
};

} // namespace mm::gui
