// What a folder tells of the model in it, before anything is registered: what it is, what it does, how large it is.
// Only reads, and little: config.json and the headers of the weight files. Blocks on the file system; any thread.
// Nothing fails: what cannot be read is a problem in words, and the engine decides in the end.
#pragma once

#include "modelmora/v1/common.pb.h"
#include "modelmora/v1/management.pb.h"

#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mm::gui::models {

namespace v1 = modelmora::v1;

struct FolderFacts {
    QString folder;      // absolute
    QString suggestedId; // "local/<folder>", or "org/repo" of a cache
    std::optional<v1::TaskType> task;
    QString architecture; // "BertModel"
    QString modelType;    // "bert"
    std::int64_t parameters = 0;
    QString dtype; // as stored, of most of the weights
    std::int64_t weightBytes = 0;
    std::int64_t totalBytes = 0;
    std::int64_t tokenizerBytes = 0;
    int files = 0;
    bool hasLinksOut = false; // as in a Hugging Face cache; see collected_folder.h
    QStringList problems;
};

FolderFacts inspectFolder(const QString& folder);

// What it takes in memory at least, with weights of so many bytes each.
std::int64_t leastMemory(const FolderFacts& facts, int bytesPerWeight);

// Label and value, for a list; "fits" is of the roomiest device.
std::vector<std::pair<QString, QString>> describe(const FolderFacts& facts, const v1::MemoryLedger* ledger);

// "file://…" with what needs it escaped.
std::string fileUrl(const QString& folder);

} // namespace mm::gui::models
