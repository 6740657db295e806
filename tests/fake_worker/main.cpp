// mm_fake_worker [--hello KIND] [--print LINE] [--exit CODE] --socket N: see fake_session.h.
#include "tests/fake_worker/fake_session.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

int main(int argc, char** argv) {
    int socket = -1;
    std::string hello = "ok";
    for (int i = 1; i + 1 < argc; i += 2) {
        if (std::strcmp(argv[i], "--socket") == 0)
            socket = std::atoi(argv[i + 1]);
        else if (std::strcmp(argv[i], "--hello") == 0)
            hello = argv[i + 1];
        else if (std::strcmp(argv[i], "--print") == 0)
            std::fprintf(stderr, "%s\n", argv[i + 1]);
        else if (std::strcmp(argv[i], "--exit") == 0)
            std::_Exit(std::atoi(argv[i + 1]));
    }
    if (socket < 0) {
        std::fprintf(stderr, "mm_fake_worker wants --socket N\n");
        return 2;
    }
    mm::fake::FakeSession session(socket);
    session.sayHello(hello);
    return session.serve();
}
