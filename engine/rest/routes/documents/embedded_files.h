// The files that the program carries: the description of the API and the page that shows it. Constant, any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace mm::rest::documents {

struct EmbeddedFile {
    std::string_view name;
    std::string_view contentType;
    std::string_view entityTag; // with its quotes
    std::string_view gzip;
    std::size_t plainBytes;
};

// Generated at build time by resources/embed/embed_files.py.
std::span<const EmbeddedFile> embeddedFiles();

// The file of that name, or nothing.
const EmbeddedFile* embeddedFile(std::string_view name);

// Its content as it was before it was compressed.
std::string plainContent(const EmbeddedFile& file);

} // namespace mm::rest::documents
