// mm_load PLAN: sends HTTP requests as the plan says (a JSON file, or - for standard input; see plan.h) and prints a
// report. Exit status 2 where the plan is wrong or the server cannot be reached.
#include "tests/bench/load/generator.h"
#include "tests/bench/load/report.h"

#include <sys/resource.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

using namespace mm;

namespace {

Result<std::string> readText(const std::string& from) {
    if (from == "-")
        return std::string(std::istreambuf_iterator<char>(std::cin), {});
    std::ifstream file(from, std::ios::binary);
    if (!file)
        return Error{ErrorCode::InvalidConfiguration, "the plan " + from + " cannot be read"};
    return std::string(std::istreambuf_iterator<char>(file), {});
}

double cpuSeconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Result<std::string> measure(const std::string& planFile) {
    MM_TRY(const std::string text, readText(planFile));
    MM_TRY(const load::Plan plan, load::readPlan(text));
    load::Generator generator(plan);
    const double before = cpuSeconds();
    MM_TRY(const std::vector<load::StreamResult> results, generator.run());
    return load::toJson(results, plan.seconds, cpuSeconds() - before);
}

} // namespace

int main(int count, char** arguments) {
    if (count != 2) {
        std::fprintf(stderr, "mm_load PLAN.json (or - for standard input)\n");
        return 2;
    }
    const Result<std::string> report = measure(arguments[1]);
    if (!report) {
        std::fprintf(stderr, "mm_load: %s\n", report.error().message.c_str());
        return 2;
    }
    std::puts(report->c_str());
    return 0;
}
