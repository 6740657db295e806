// The program as a function: words and streams in, an exit code out. One thread; main() only calls it.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace mm::cli {

// `words` without the program's name.
int runProgram(const std::vector<std::string>& words, std::FILE* in, std::FILE* out, std::FILE* err);

} // namespace mm::cli
