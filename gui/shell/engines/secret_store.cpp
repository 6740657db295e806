#include "gui/shell/engines/secret_store.h"

#include <qt6keychain/keychain.h>

#include <utility>

namespace mm::gui {

SecretStore::SecretStore(QString service, QObject* parent) : QObject(parent), m_service(std::move(service)) {}

void SecretStore::read(const QString& name, std::function<void(const QString&)> answer) {
    if (const auto known = m_session.find(name); known != m_session.end()) {
        answer(known->second);
        return;
    }
    auto* job = new QKeychain::ReadPasswordJob(m_service, this);
    job->setKey(name);
    connect(job, &QKeychain::Job::finished, this, [this, name, job, answer = std::move(answer)] {
        const QString secret = job->error() == QKeychain::NoError ? job->textData() : QString();
        if (!secret.isEmpty())
            m_session[name] = secret;
        answer(secret);
    });
    job->start();
}

void SecretStore::write(const QString& name, const QString& secret) {
    m_session[name] = secret;
    auto* job = new QKeychain::WritePasswordJob(m_service, this);
    job->setKey(name);
    job->setTextData(secret);
    connect(job, &QKeychain::Job::finished, this, [this, name, job] {
        if (job->error() != QKeychain::NoError)
            Q_EMIT keptForThisSession(name, job->errorString());
    });
    job->start();
}

void SecretStore::remove(const QString& name) {
    m_session.erase(name);
    auto* job = new QKeychain::DeletePasswordJob(m_service, this);
    job->setKey(name);
    job->start();
}

} // namespace mm::gui
