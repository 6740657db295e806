#include "gui/pages/models/register/hub_cache.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

namespace mm::gui::models {
namespace {

constexpr int kMostFiles = 10'000;

QString snapshotOf(const QDir& entry) {
    const QDir snapshots(entry.filePath(QStringLiteral("snapshots")));
    QFile main(entry.filePath(QStringLiteral("refs/main")));
    if (main.open(QIODevice::ReadOnly)) {
        const QString commit = QString::fromLatin1(main.read(64)).trimmed();
        if (!commit.isEmpty() && snapshots.exists(commit))
            return snapshots.filePath(commit);
    }
    const QFileInfoList newest = snapshots.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Time);
    return newest.isEmpty() ? QString() : newest.first().filePath();
}

qint64 bytesIn(const QString& folder) {
    qint64 bytes = 0;
    int seen = 0;
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext() && ++seen < kMostFiles)
        bytes += files.nextFileInfo().size();
    return bytes;
}

} // namespace

QString hubCacheFolder() {
    if (const QString cache = qEnvironmentVariable("HF_HUB_CACHE"); !cache.isEmpty())
        return cache;
    if (const QString home = qEnvironmentVariable("HF_HOME"); !home.isEmpty())
        return QDir(home).filePath(QStringLiteral("hub"));
    return QDir::home().filePath(QStringLiteral(".cache/huggingface/hub"));
}

std::vector<CachedModel> listHubCache(const QString& cache) {
    std::vector<CachedModel> found;
    const QDir root(cache);
    for (const QFileInfo& entry :
         root.entryInfoList({QStringLiteral("models--*--*")}, QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        const QString folder = snapshotOf(QDir(entry.filePath()));
        if (folder.isEmpty())
            continue;
        const QString name = entry.fileName();
        const QFileInfo snapshot(folder);
        found.push_back(
            {name.section(QStringLiteral("--"), 1, 1) + QLatin1Char('/') + name.section(QStringLiteral("--"), 2),
             snapshot.absoluteFilePath(), snapshot.fileName().left(8), bytesIn(folder), snapshot.lastModified()});
    }
    return found;
}

} // namespace mm::gui::models
