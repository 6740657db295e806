// The models in a Hugging Face cache on this machine. Blocks on the file system; any thread.
#pragma once

#include <QDateTime>
#include <QString>

#include <vector>

namespace mm::gui::models {

struct CachedModel {
    QString id; // "org/repo"
    QString folder;
    QString revision; // the first characters of the commit
    qint64 bytes = 0;
    QDateTime changedAt;
};

// As the environment says: HF_HUB_CACHE, HF_HOME, or where it is by custom.
QString hubCacheFolder();
// The snapshot that "main" names, otherwise the newest; by id. Empty where there is no cache.
std::vector<CachedModel> listHubCache(const QString& cache);

} // namespace mm::gui::models
