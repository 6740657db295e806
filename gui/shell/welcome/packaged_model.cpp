#include "gui/shell/welcome/packaged_model.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace mm::gui {

QStringList packageFolders() {
    const QDir program(QCoreApplication::applicationDirPath());
    QStringList folders{program.filePath(QStringLiteral("../share/modelmora/models")),
                        program.filePath(QStringLiteral("../../.deps/models"))};
    if (const QString named = qEnvironmentVariable("MODELMORA_MODELS"); !named.isEmpty())
        folders.prepend(named);
    return folders;
}

QString findPackagedModel(const QStringList& folders) {
    for (const QString& folder : folders) {
        const QFileInfo model(QDir(folder).filePath(QLatin1String(kPackagedName)));
        if (QFileInfo::exists(model.filePath() + QStringLiteral("/config.json")))
            return model.canonicalFilePath();
    }
    return {};
}

} // namespace mm::gui
