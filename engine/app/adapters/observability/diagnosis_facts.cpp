#include "engine/app/adapters/observability/diagnosis_facts.h"

#include "engine/app/settings_keeper/setting_listing.h"
#include "engine/base/system_memory.h"

#include <QString>
#include <QSysInfo>

#include <google/protobuf/stubs/common.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <string_view>
#include <thread>

namespace mm::app {
namespace {

namespace v1 = modelmora::v1;

void add(google::protobuf::RepeatedPtrField<v1::NamedText>& list, const char* name, std::string value) {
    v1::NamedText& entry = *list.Add();
    entry.set_name(name);
    entry.set_value(std::move(value));
}

std::string processorName() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.starts_with("model name"))
            if (const std::size_t colon = line.find(": "); colon != std::string::npos)
                return line.substr(colon + 2);
    return "unknown";
}

} // namespace

v1::Diagnosis diagnosisFacts(const Settings& settings) {
    v1::Diagnosis diagnosis;
    diagnosis.set_version(MM_VERSION);
    diagnosis.set_pid(::getpid());
    add(*diagnosis.mutable_libraries(), "qt", qVersion());
    add(*diagnosis.mutable_libraries(), "grpc", grpc::Version());
    add(*diagnosis.mutable_libraries(), "protobuf", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION));
    add(*diagnosis.mutable_machine(), "system", QSysInfo::prettyProductName().toStdString());
    add(*diagnosis.mutable_machine(), "kernel", QSysInfo::kernelVersion().toStdString());
    add(*diagnosis.mutable_machine(), "architecture", QSysInfo::currentCpuArchitecture().toStdString());
    add(*diagnosis.mutable_machine(), "processor", processorName());
    add(*diagnosis.mutable_machine(), "processors", std::to_string(std::thread::hardware_concurrency()));
    add(*diagnosis.mutable_machine(), "memory_bytes", std::to_string(readSystemMemory().totalBytes));
    for (const auto& [name, text] : settings.texts) {
        v1::SettingValue& value = *diagnosis.add_settings();
        value.set_name(name);
        value.set_value(shownText(name, text));
        const auto origin = settings.origins.find(name);
        value.set_origin(std::string(originName(origin == settings.origins.end() ? Origin::Default : origin->second)));
    }
    return diagnosis;
}

} // namespace mm::app
