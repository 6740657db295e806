#include "engine/rest/routes/documents/embedded_files.h"

#include "engine/rest/semantics/content_coding.h"

namespace mm::rest::documents {

const EmbeddedFile* embeddedFile(std::string_view name) {
    for (const EmbeddedFile& file : embeddedFiles())
        if (file.name == name)
            return &file;
    return nullptr;
}

std::string plainContent(const EmbeddedFile& file) {
    const auto most = static_cast<std::int64_t>(file.plainBytes);
    return semantics::unpacked(file.gzip, semantics::Coding::Gzip, most).value();
}

} // namespace mm::rest::documents
