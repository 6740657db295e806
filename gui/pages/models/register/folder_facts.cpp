#include "gui/pages/models/register/folder_facts.h"

#include "engine/files/safetensors_header.h"
#include "engine/ipc/names.h"
#include "gui/pages/models/say.h"
#include "gui/widgets/figures.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <map>

namespace mm::gui::models {
namespace {

constexpr qint64 kLongestJson = 1 << 20;
constexpr int kMostFiles = 10'000;
constexpr std::int64_t kWorkerBytes = 74'000'000; // what a worker holds without a model
constexpr std::int64_t kTokenizerTimes = 12;      // its tables in memory to its file

QJsonDocument readJson(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLongestJson)
        return {};
    return QJsonDocument::fromJson(file.readAll());
}

QString asIdPart(const QString& given) {
    QString part;
    for (const QChar c : given)
        part += (c.unicode() < 128 && c.isLetterOrNumber()) || c == QLatin1Char('-') || c == QLatin1Char('_') ||
                        c == QLatin1Char('.')
                    ? c
                    : QLatin1Char('-');
    while (!part.isEmpty() && !part.front().isLetterOrNumber())
        part.remove(0, 1);
    return part.isEmpty() ? QStringLiteral("model") : part;
}

QString idOf(const QString& folder) {
    const QStringList parts = folder.split(QLatin1Char('/'), Qt::SkipEmptyParts);
    for (const QString& part : parts)
        if (part.startsWith(QLatin1String("models--")) && part.count(QStringLiteral("--")) >= 2)
            return asIdPart(part.section(QStringLiteral("--"), 1, 1)) + QLatin1Char('/') +
                   asIdPart(part.section(QStringLiteral("--"), 2));
    return QStringLiteral("local/") + asIdPart(parts.isEmpty() ? QString() : parts.last());
}

std::optional<v1::TaskType> taskOfArchitecture(const QString& name) {
    static constexpr std::array<std::pair<const char*, v1::TaskType>, 6> kEndings{{
        {"ForSequenceClassification", v1::TASK_TYPE_TXT2CLASS},
        {"ForImageClassification", v1::TASK_TYPE_IMG2CLASS},
        {"ForCausalLM", v1::TASK_TYPE_TXT2TXT},
        {"BertModel", v1::TASK_TYPE_TXT2EMBED},
        {"RobertaModel", v1::TASK_TYPE_TXT2EMBED},
        {"MPNetModel", v1::TASK_TYPE_TXT2EMBED},
    }};
    for (const auto& [ending, task] : kEndings)
        if (name.endsWith(QLatin1String(ending)))
            return task;
    return std::nullopt;
}

// How sentence-transformers marks the models that score pairs, in its newer and its older files.
bool scoresPairs(const QDir& folder, const QJsonObject& config) {
    const QJsonObject settings =
        readJson(folder.filePath(QStringLiteral("config_sentence_transformers.json"))).object();
    return settings[QLatin1String("model_type")].toString() == QLatin1String("CrossEncoder") ||
           config.contains(QLatin1String("sbert_ce_default_activation_function")) ||
           config[QLatin1String("sentence_transformers")].toObject().contains(QLatin1String("activation_fn"));
}

void readConfig(const QDir& folder, FolderFacts& facts) {
    const QString path = folder.filePath(QStringLiteral("config.json"));
    const QJsonObject config = readJson(path).object();
    if (config.isEmpty())
        facts.problems += QFileInfo::exists(path) ? Say::tr("config.json cannot be read as JSON")
                                                  : Say::tr("there is no config.json");
    facts.modelType = config[QLatin1String("model_type")].toString();
    facts.architecture = config[QLatin1String("architectures")].toArray().first().toString();
    if (scoresPairs(folder, config))
        facts.task = v1::TASK_TYPE_TXTPAIR2SCORE;
    else if (!readJson(folder.filePath(QStringLiteral("modules.json"))).array().isEmpty())
        facts.task = v1::TASK_TYPE_TXT2EMBED;
    else
        facts.task = taskOfArchitecture(facts.architecture);
}

void readWeights(const QString& path, FolderFacts& facts, std::map<std::string, std::int64_t>& byType) {
    QFile file(path);
    const QString name = QFileInfo(path).fileName();
    std::array<char, 8> length{};
    if (!file.open(QIODevice::ReadOnly) || file.read(length.data(), length.size()) != 8) {
        facts.problems += Say::tr("%1 cannot be read").arg(name);
        return;
    }
    const auto header = qFromLittleEndian<quint64>(length.data());
    if (header > kMaxSafetensorsHeaderBytes || header + 8 > static_cast<quint64>(file.size())) {
        facts.problems += Say::tr("%1 is cut off or no safetensors file").arg(name);
        return;
    }
    file.seek(0);
    const QByteArray bytes = file.read(static_cast<qint64>(header) + 8);
    const auto parsed = parseSafetensorsHeader({bytes.constData(), static_cast<std::size_t>(bytes.size())},
                                               static_cast<std::uint64_t>(file.size()), name.toStdString());
    if (!parsed.ok()) {
        facts.problems += text(parsed.error().message);
        return;
    }
    facts.weightBytes += static_cast<std::int64_t>(parsed->tensorBytes());
    for (const StoredTensor& tensor : parsed->tensors) {
        facts.parameters += tensor.elements();
        byType[std::string(storedTypeName(tensor.type))] += tensor.elements();
    }
}

void readFiles(const QDir& folder, FolderFacts& facts) {
    std::map<std::string, std::int64_t> byType;
    bool hasWeights = false; // whatever they are worth
    QDirIterator files(folder.path(), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext() && facts.files < kMostFiles) {
        const QFileInfo file = files.nextFileInfo();
        ++facts.files;
        facts.hasLinksOut |=
            file.isSymLink() && !file.canonicalFilePath().startsWith(folder.canonicalPath() + QLatin1Char('/'));
        facts.totalBytes += file.size();
        if (file.fileName() == QLatin1String("tokenizer.json"))
            facts.tokenizerBytes = file.size();
        if (file.suffix() != QLatin1String("safetensors"))
            continue;
        hasWeights = true;
        readWeights(file.filePath(), facts, byType);
    }
    const auto most = std::max_element(byType.begin(), byType.end(),
                                       [](const auto& one, const auto& other) { return one.second < other.second; });
    if (most != byType.end())
        facts.dtype = text(most->first);
    else if (!hasWeights)
        facts.problems += Say::tr("there are no weights in it (*.safetensors)");
}

QString fitText(const FolderFacts& facts, const v1::MemoryLedger& ledger) {
    const auto& devices = ledger.devices();
    const auto roomiest = std::max_element(devices.begin(), devices.end(), [](const auto& one, const auto& other) {
        return one.free_bytes() < other.free_bytes();
    });
    if (roomiest == devices.end() || facts.parameters == 0)
        return kNothing;
    const std::int64_t least = leastMemory(facts, 2);
    const std::int64_t most = leastMemory(facts, 4);
    const QString room = Say::tr("%1 of %2 are free on %3")
                             .arg(bytesText(roomiest->free_bytes()), bytesText(roomiest->effective_budget_bytes()),
                                  text(roomiest->device()));
    if (most <= roomiest->free_bytes())
        return Say::tr("yes: %1").arg(room);
    if (least <= roomiest->free_bytes())
        return Say::tr("in bf16: %1").arg(room);
    return least <= roomiest->effective_budget_bytes() ? Say::tr("not now: %1; others would have to go").arg(room)
                                                       : Say::tr("no: %1").arg(room);
}

} // namespace

FolderFacts inspectFolder(const QString& folder) {
    FolderFacts facts;
    const QFileInfo info(folder);
    facts.folder = info.absoluteFilePath();
    facts.suggestedId = idOf(facts.folder);
    if (!info.isDir()) {
        facts.problems += info.exists() ? Say::tr("it is no folder") : Say::tr("there is no such folder");
        return facts;
    }
    const QDir dir(facts.folder);
    readConfig(dir, facts);
    readFiles(dir, facts);
    return facts;
}

std::int64_t leastMemory(const FolderFacts& facts, int bytesPerWeight) {
    return facts.parameters * bytesPerWeight + kWorkerBytes + kTokenizerTimes * facts.tokenizerBytes;
}

std::vector<std::pair<QString, QString>> describe(const FolderFacts& facts, const v1::MemoryLedger* ledger) {
    const auto orNothing = [](const QString& value) { return value.isEmpty() ? kNothing : value; };
    QStringList kind;
    for (const QString& part : {facts.architecture, facts.modelType})
        if (!part.isEmpty())
            kind += part;
    const bool isRead = facts.parameters > 0;
    return {
        {Say::tr("Architecture"), orNothing(kind.join(QStringLiteral(" · ")))},
        {Say::tr("Task"),
         facts.task ? text(std::string(taskName(*facts.task))) : Say::tr("not known; choose it below")},
        {Say::tr("Parameters"),
         isRead ? Say::tr("%1 in %2").arg(parametersText(facts.parameters), facts.dtype) : kNothing},
        {Say::tr("Size"), Say::tr("%1, files: %2").arg(bytesText(facts.totalBytes)).arg(facts.files)},
        {Say::tr("Memory"), isRead ? Say::tr("about %1 in fp32, %2 in bf16")
                                         .arg(bytesText(leastMemory(facts, 4)), bytesText(leastMemory(facts, 2)))
                                   : kNothing},
        {Say::tr("Will it fit"), ledger != nullptr ? fitText(facts, *ledger) : kNothing},
    };
}

std::string fileUrl(const QString& folder) {
    return QUrl::fromLocalFile(folder).toEncoded(QUrl::FullyEncoded).toStdString();
}

} // namespace mm::gui::models
