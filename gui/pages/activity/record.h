// One line of the activity page, whatever it came from. Pure.
#pragma once

#include "gui/theme/theme.h"
#include "modelmora/v1/access.pb.h"
#include "modelmora/v1/events.pb.h"

#include <QString>

namespace mm::gui {

namespace v1 = modelmora::v1;

struct Record {
    std::int64_t number = 0; // the event's id, the audit's number
    std::int64_t atMs = 0;   // since 1970; 0: unknown
    QString what;            // "model.loaded", "warning", "key.create"
    QString about;           // as it is shown: a model, a request, a job
    QString who;
    QString text;
    QString model; // "org/repo" without its version; empty: none
    QString job;
    QString request; // id; empty: none
    Role ink = Role::Text;
};

Record recordOf(const v1::Event& event);
// "2026-11-21T09:30:00.042Z info: model loaded …"; what cannot be read so is all text.
Record recordOf(const std::string& logLine);
Record recordOf(const v1::AuditRecord& audit);

// "model" of "model.loaded".
QString topicOf(const QString& what);

} // namespace mm::gui
