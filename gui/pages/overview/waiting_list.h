// Who waits, as far as a glance can take it in. Pure.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <QString>

#include <vector>

namespace mm::gui {

namespace v1 = modelmora::v1;

struct WaitingLine {
    QString place; // "1", or "!" for a critical one
    bool isCritical = false;
    QString client;
    std::string modelId;
    QString waited;
    QString reason;
    QString requestId;
};

struct WaitingList {
    int waiting = 0;
    std::vector<WaitingLine> lines;
    QString summary; // "23 requests · 4 clients"
    QString more;    // "17 more, all importer · low"; empty where all are shown
};

WaitingList waitingListOf(const v1::QueueReport& queue, std::size_t most);

} // namespace mm::gui
