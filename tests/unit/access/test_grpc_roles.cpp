// Every method of every gRPC service with every role: the services as they are registered, against a table of its own.
#include "engine/grpc/all_services.h"
#include "modelmora/v1/access.pb.h"
#include "tests/unit/access/roles_fixture.h"
#include "tests/unit/grpc/grpc_fixture.h"

#include <QTest>

#include <google/protobuf/descriptor.h>

#include <map>

using namespace mm;
using namespace mm::test;
using access::Role;

namespace {

struct Expected {
    Role role = Role::Viewer;
    bool isOpen = false;
};

const Expected kOpen{Role::Viewer, true};
const Expected kViewer{Role::Viewer};
const Expected kUser{Role::User};
const Expected kOperator{Role::Operator};
const Expected kAdmin{Role::Admin};

// What each method takes, by its name; the services have no two of one name that differ.
const std::map<std::string, Expected> kMethods{
    {"LivenessCheck", kOpen},
    {"ReadinessCheck", kOpen},
    {"ServerLive", kOpen},
    {"ServerReady", kOpen},
    {"GetIdentity", kViewer},
    {"ListModels", kViewer},
    {"GetModel", kViewer},
    {"ListVersions", kViewer},
    {"GenerateLock", kViewer},
    {"GetModelStatus", kViewer},
    {"GetSystemStatus", kViewer},
    {"GetModelHealth", kViewer},
    {"GetMemory", kViewer},
    {"GetEvictionOrder", kViewer},
    {"PlanLoad", kViewer},
    {"WatchEvents", kViewer},
    {"GetMetrics", kViewer},
    {"GetHistory", kViewer},
    {"ListRequests", kViewer},
    {"GetLogLevel", kViewer},
    {"GetQueue", kViewer},
    {"GetRequest", kViewer},
    {"ServerMetadata", kViewer},
    {"ModelReady", kViewer},
    {"ModelMetadata", kViewer},
    {"ModelConfig", kViewer},
    {"ModelStatistics", kViewer},
    {"RepositoryIndex", kViewer},
    {"SystemSharedMemoryStatus", kViewer},
    {"TraceSetting", kViewer},
    {"LogSettings", kViewer},
    {"CudaSharedMemoryStatus", kViewer},
    {"CudaSharedMemoryRegister", kViewer},
    {"CudaSharedMemoryUnregister", kViewer},
    {"SystemSharedMemoryRegister", kViewer},
    {"SystemSharedMemoryUnregister", kViewer},
    {"Infer", kUser},
    {"InferStream", kUser},
    {"InferAsync", kUser},
    {"GetJobStatus", kUser},
    {"GetJobResult", kUser},
    {"ListJobs", kUser},
    {"CancelJob", kUser},
    {"RetryJob", kUser},
    {"CancelRequest", kUser},
    {"ModelInfer", kUser},
    {"ModelStreamInfer", kUser},
    {"GenerateEmbedding", kUser},
    {"GenerateBatch", kUser},
    {"GenerateEmbeddingStream", kUser},
    {"LoadModel", kOperator},
    {"LoadModelWithProgress", kOperator},
    {"UnloadModel", kOperator},
    {"WarmUpModel", kOperator},
    {"SetPinned", kOperator},
    {"Diagnose", kOperator},
    {"SetRequestPriority", kOperator},
    {"HoldRequest", kOperator},
    {"ReleaseRequest", kOperator},
    {"RepositoryModelLoad", kOperator},
    {"RepositoryModelUnload", kOperator},
    {"RegisterModel", kAdmin},
    {"UpdateModel", kAdmin},
    {"DeleteModel", kAdmin},
    {"PromoteVersion", kAdmin},
    {"DeprecateVersion", kAdmin},
    {"DeleteVersion", kAdmin},
    {"DownloadModel", kAdmin},
    {"SetLogLevel", kAdmin},
    {"ListSettings", kOperator},
    {"ChangeSettings", kAdmin},
    {"ResetSetting", kAdmin},
    {"CreateKey", kAdmin},
    {"ListKeys", kAdmin},
    {"RotateKey", kAdmin},
    {"RevokeKey", kAdmin},
    {"ListAudit", kAdmin},
    {"VerifyAudit", kAdmin},
};

struct Gated {
    RolesFixture roles;
    FakeServices fake;
    std::unique_ptr<GrpcServer> server;
    std::shared_ptr<grpc::Channel> channel;

    Gated() {
        service::Services services = fake.services();
        services.gate = &roles.gate();
        server = std::make_unique<GrpcServer>(GrpcServer::Options{.address = "127.0.0.1:0"}, services);
        const auto port = server->start();
        grpc::ChannelArguments arguments;
        arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
        channel = grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port.ok() ? *port : 0),
                                            grpc::InsecureChannelCredentials(), arguments);
    }

    grpc::Status call(const std::string& path, const std::string& key, bool isEndless = false) {
        grpc::ClientContext context;
        if (!key.empty())
            context.AddMetadata("authorization", "Bearer " + key);
        if (isEndless) // it was let in, and nothing is going to come
            context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
        return rawCall(channel, context, path, {});
    }
};

} // namespace

class TestGrpcRoles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyMethodTakesItsRoles();
    void aRefusalCarriesItsDetails();
};

void TestGrpcRoles::everyMethodTakesItsRoles() {
    Gated gated;
    grpc_face::ServiceList list;
    grpc_face::registerAllServices(list, {gated.fake.services(), nullptr, nullptr});
    int methods = 0;
    for (const auto& [name, service] : list) {
        const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
        QVERIFY(descriptor != nullptr);
        for (int i = 0; i < descriptor->method_count(); ++i, ++methods) {
            const std::string method = descriptor->method(i)->name();
            const std::string path = "/" + name + "/" + method;
            const auto expected = kMethods.find(method);
            QVERIFY2(expected != kMethods.end(), (path + " is not in the table of this test").c_str());
            const auto [needed, isOpen] = expected->second;
            const grpc::Status unknown = gated.call(path, {});
            QVERIFY2((unknown.error_code() == grpc::StatusCode::UNAUTHENTICATED) == !isOpen,
                     (path + " without a key: " + unknown.error_message()).c_str());
            for (const std::string_view role : RolesFixture::kRoles) {
                const bool isAllowed = isOpen || *access::roleFromName(role) >= needed;
                const grpc::Status status = gated.call(path, std::string(role), isAllowed && method == "WatchEvents");
                QVERIFY2(status.error_code() != grpc::StatusCode::UNAUTHENTICATED &&
                             (status.error_code() != grpc::StatusCode::PERMISSION_DENIED) == isAllowed,
                         (path + " as " + std::string(role) + ": " + status.error_message()).c_str());
            }
        }
    }
    QVERIFY(methods >= static_cast<int>(kMethods.size()));
}

void TestGrpcRoles::aRefusalCarriesItsDetails() {
    Gated gated;
    grpc::ClientContext context;
    context.AddMetadata("x-api-key", "viewer");
    const grpc::Status status = rawCall(gated.channel, context, "/modelmora.v1.AccessService/CreateKey", {});
    QCOMPARE(status.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    const v1::Error error = trailerOf(context);
    QCOMPARE(error.code(), std::string("PERMISSION_DENIED"));
    QCOMPARE(error.facts().fields().at("needed_role").string_value(), std::string("admin"));
}

QTEST_GUILESS_MAIN(TestGrpcRoles)
#include "test_grpc_roles.moc"
