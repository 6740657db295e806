// A tiny engine for test_unloading: loads one model whose worker outlives the end of its stream, so that only the
// system can end it; prints the worker's process id, and stays until it is killed.
#include "tests/support/worker_house.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    mm::test::WorkerHouse house;
    house.make();
    house.script("org/model@1", R"({"stubborn": true})");
    const auto status = house.load("org/model@1");
    std::printf("%lld\n", static_cast<long long>(status.ok() ? status->pid() : 0));
    std::fflush(stdout);
    return QCoreApplication::exec();
}
