// SecretStore: the keys of engines, in the system's secret store where there is one, otherwise in memory until the
// console ends. Never in a file of its own. GUI thread.
#pragma once

#include <QObject>
#include <QString>

#include <functional>
#include <map>

namespace mm::gui {

class SecretStore : public QObject {
    Q_OBJECT

public:
    // `service`: under which name the system keeps them.
    explicit SecretStore(QString service, QObject* parent = nullptr);

    // Empty where there is none.
    void read(const QString& name, std::function<void(const QString&)> answer);
    void write(const QString& name, const QString& secret);
    void remove(const QString& name);

Q_SIGNALS:
    // The system keeps none; this one is known until the console ends.
    void keptForThisSession(const QString& name, const QString& reason);

private:
    const QString m_service;
    std::map<QString, QString> m_session;
};

} // namespace mm::gui
