#include "engine/events/event_file.h"

#include "engine/base/log.h"

#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/util/delimited_message_util.h>

#include <fstream>
#include <system_error>
#include <utility>

namespace mm::events {
namespace {

constexpr std::string_view kFirstLine = "modelmora events 1";

Error notWritten(const std::filesystem::path& file) {
    return {ErrorCode::StorageFailed,
            "The events in " + file.string() +
                " could not be written; readers that come back after the restart are told that some are lost.",
            {{"file", file.string()}}};
}

} // namespace

Result<void> writeEventFile(const std::filesystem::path& file, const EventLog::Past& past) {
    std::filesystem::path temporary = file;
    temporary += ".new";
    {
        std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
        out << kFirstLine << '\n' << past.forgotten << '\n';
        for (const v1::Event& event : past.events)
            google::protobuf::util::SerializeDelimitedToOstream(event, &out);
        out.flush();
        if (!out) {
            std::error_code ignored;
            std::filesystem::remove(temporary, ignored);
            return notWritten(file);
        }
    }
    std::error_code failed;
    std::filesystem::rename(temporary, file, failed);
    if (failed)
        return notWritten(file);
    return {};
}

std::optional<EventLog::Past> takeEventFile(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        return std::nullopt;
    std::error_code failed;
    std::filesystem::remove(file, failed); // it stays readable while it is open
    const auto damaged = [&file]() -> std::optional<EventLog::Past> {
        log::warning("the events of the last engine are damaged and not read", {{"file", file.string()}});
        return std::nullopt;
    };
    if (failed)
        return damaged();
    std::string line;
    EventLog::Past past;
    if (!std::getline(in, line) || line != kFirstLine || !(in >> past.forgotten) || in.get() != '\n')
        return damaged();
    google::protobuf::io::IstreamInputStream input(&in);
    std::int64_t last = past.forgotten;
    for (;;) {
        v1::Event event;
        bool atEnd = false;
        if (!google::protobuf::util::ParseDelimitedFromZeroCopyStream(&event, &input, &atEnd)) {
            if (atEnd)
                return past;
            return damaged();
        }
        if (event.id() <= last)
            return damaged();
        last = event.id();
        past.events.push_back(std::move(event));
    }
}

} // namespace mm::events
