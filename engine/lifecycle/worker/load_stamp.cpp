#include "engine/lifecycle/worker/load_stamp.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <filesystem>
#include <vector>

namespace mm::lifecycle {
namespace {

namespace fs = std::filesystem;

// A folder with more entries than any model has is not walked to its end at every look.
constexpr std::size_t kMostFiles = 2'000;

std::string describe(const fs::directory_entry& entry) {
    std::error_code problem;
    const auto size = entry.is_regular_file(problem) ? entry.file_size(problem) : 0;
    const auto changed = entry.last_write_time(problem).time_since_epoch().count();
    return entry.path().string() + '\n' + std::to_string(size) + '\n' + std::to_string(changed) + '\n' +
           problem.message() + '\n';
}

std::string filesIn(const std::string& folder) {
    std::error_code problem;
    std::vector<std::string> files;
    fs::recursive_directory_iterator walk(folder, problem);
    for (; !problem && walk != fs::recursive_directory_iterator() && files.size() < kMostFiles; walk.increment(problem))
        files.push_back(describe(*walk));
    std::sort(files.begin(), files.end());
    std::string all = problem ? problem.message() : std::string();
    for (const std::string& file : files)
        all += file;
    return all;
}

// Maps in protobuf have no order of their own.
std::string bytesOf(const google::protobuf::MessageLite& message) {
    std::string bytes;
    {
        google::protobuf::io::StringOutputStream stream(&bytes);
        google::protobuf::io::CodedOutputStream out(&stream);
        out.SetSerializationDeterministic(true);
        message.SerializeWithCachedSizes(&out);
    }
    return bytes;
}

} // namespace

std::string loadStamp(const LoadSpec& spec) {
    (void)spec.config.ByteSizeLong();
    return spec.path + '\n' + std::to_string(spec.task) + '\n' + std::to_string(spec.threads) + '\n' +
           bytesOf(spec.config) + '\n' + filesIn(spec.path);
}

} // namespace mm::lifecycle
