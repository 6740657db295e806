#include "gui/shell/engines/engine_book.h"

#include <QSettings>

#include <algorithm>
#include <utility>

namespace mm::gui {
namespace {

const QString kList = QStringLiteral("engines");

} // namespace

EngineBook::EngineBook(QSettings& settings, SecretStore& secrets, QObject* parent)
    : QObject(parent), m_settings(settings), m_secrets(secrets) {
    const int count = m_settings.beginReadArray(kList);
    for (int index = 0; index < count; ++index) {
        m_settings.setArrayIndex(index);
        const auto text = [this](const char* name) { return m_settings.value(QLatin1String(name)).toString(); };
        m_engines.push_back({text("name"), text("address"), text("ca"), text("certificate"), text("certificate-key")});
    }
    m_settings.endArray();
}

const KnownEngine* EngineBook::find(const QString& name) const {
    const auto found =
        std::find_if(m_engines.begin(), m_engines.end(), [&](const KnownEngine& each) { return each.name == name; });
    return found == m_engines.end() ? nullptr : &*found;
}

void EngineBook::add(const KnownEngine& engine, const QString& key) {
    std::erase_if(m_engines, [&](const KnownEngine& each) { return each.name == engine.name; });
    m_engines.push_back(engine);
    if (!key.isEmpty())
        m_secrets.write(engine.address, key);
    save();
}

void EngineBook::forget(const QString& name) {
    if (const KnownEngine* engine = find(name))
        m_secrets.remove(engine->address);
    std::erase_if(m_engines, [&](const KnownEngine& each) { return each.name == name; });
    save();
}

void EngineBook::keyOf(const KnownEngine& engine, std::function<void(const QString&)> answer) {
    m_secrets.read(engine.address, std::move(answer));
}

void EngineBook::setKey(const KnownEngine& engine, const QString& key) {
    m_secrets.write(engine.address, key);
}

void EngineBook::save() {
    m_settings.beginWriteArray(kList, static_cast<int>(m_engines.size()));
    for (std::size_t index = 0; index < m_engines.size(); ++index) {
        const KnownEngine& engine = m_engines[index];
        m_settings.setArrayIndex(static_cast<int>(index));
        m_settings.setValue(QStringLiteral("name"), engine.name);
        m_settings.setValue(QStringLiteral("address"), engine.address);
        m_settings.setValue(QStringLiteral("ca"), engine.ca);
        m_settings.setValue(QStringLiteral("certificate"), engine.certificate);
        m_settings.setValue(QStringLiteral("certificate-key"), engine.certificateKey);
    }
    m_settings.endArray();
    Q_EMIT changed();
}

} // namespace mm::gui
