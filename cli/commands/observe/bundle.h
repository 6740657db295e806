// Bundle: files put into one compressed archive (tar, gzip), readable by its owner alone. One owner, one thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <zlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace mm::cli {

class Bundle {
public:
    // Fails where the file is there already, or cannot be made.
    static Result<Bundle> create(const std::filesystem::path& file, WallTime now);

    // `name` has at most 99 bytes; below the folder that the archive is called after.
    Result<void> add(std::string_view name, std::string_view content);
    // Nothing may be added afterwards.
    Result<void> finish();

private:
    struct Close {
        void operator()(gzFile file) const { gzclose(file); }
    };
    using File = std::unique_ptr<gzFile_s, Close>;

    Bundle(File file, std::filesystem::path path, WallTime now);
    Result<void> write(std::string_view bytes);
    [[nodiscard]] Error failure() const;

    File m_file;
    std::filesystem::path m_path;
    std::string m_folder;
    WallTime m_now;
};

} // namespace mm::cli
