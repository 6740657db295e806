// Base of our gRPC services: binds methods by name to functions that take a decoded request and a reply. Methods are
// marked on the generated service as callbacks over raw bytes, as its own WithRawCallbackMethod mix-ins do, one line
// per method. Bound in the constructor, read-only afterwards; handlers run on gRPC's threads.
#pragma once

#include "engine/grpc/call/caller.h"
#include "engine/grpc/call/held_bytes.h"
#include "engine/grpc/call/unary_call.h"
#include "engine/grpc/refused_call.h"
#include "engine/service/audit/caller.h"
#include "engine/service/services.h"

#include <google/protobuf/descriptor.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/support/server_callback.h>

#include <cassert>
#include <memory>
#include <string>
#include <utility>

namespace mm::grpc_face {

// What every service is made from. The services outlive the server.
struct Face {
    service::Services services;
    std::shared_ptr<ReplyThreads> threads;
    std::shared_ptr<HeldBytes> held; // by all streams together
    std::size_t maxMessageBytes = kMaxMessageBytes;
};

template <typename Generated>
class Rpc : public Generated::Service {
protected:
    explicit Rpc(Face face) : m_face(std::move(face)) {}

    [[nodiscard]] const Face& face() const { return m_face; }
    [[nodiscard]] const service::Services& services() const { return m_face.services; }

    static int indexOf(const char* method) {
        const auto* service =
            google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(Generated::service_full_name());
        const auto* found = service == nullptr ? nullptr : service->FindMethodByName(method);
        assert(found != nullptr);
        return found->index();
    }

    // start(request, reply, call, context): hands the request on, in the caller's name. `operation`: what the method
    // does, by which it is decided who may.
    template <typename Request, typename Response, typename Start>
    void unaryWithCall(const char* method, access::Operation operation, Start start) {
        auto handler = [face = m_face, operation, start = std::move(start)](
                           grpc::CallbackServerContext* context, const grpc::ByteBuffer* in, grpc::ByteBuffer* out) {
            // gRPC binds the call when this function has returned, and ends it later through OnDone().
            auto* call = new UnaryCall(context, out, face.threads, // NOLINT(cppcoreguidelines-owning-memory)
                                       face.maxMessageBytes);
            const Result<access::IdentityPtr> admitted = admit(face, *context, operation);
            if (!admitted.ok()) {
                call->fail(admitted.error());
                return call;
            }
            const service::CallerScope scope(nameOf(*admitted, *context), *admitted);
            Request request;
            if (auto read = decode(*in, request); read.ok())
                start(std::move(request), call->template reply<Response>(), *call, *context);
            else
                call->fail(read.error());
            return call;
        };
        this->MarkMethodRawCallback(
            indexOf(method),
            new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(std::move(handler)));
    }

    // start(request, reply)
    template <typename Request, typename Response, typename Start>
    void unary(const char* method, access::Operation operation, Start start) {
        unaryWithCall<Request, Response>(
            method, operation,
            [start = std::move(start)](Request&& request, Reply<Response> reply, UnaryCall&,
                                       grpc::CallbackServerContext&) { start(std::move(request), std::move(reply)); });
    }

    template <typename Request>
    void notImplemented(const char* method, access::Operation operation, std::string sentence) {
        unaryWithCall<Request, Request>(method, operation,
                                        [sentence = std::move(sentence)](Request&&, const Reply<Request>&,
                                                                         UnaryCall& call,
                                                                         grpc::CallbackServerContext&) {
                                            call.fail({ErrorCode::NotImplemented, sentence});
                                        });
    }

    // make(context, request bytes): the reactor of one call, made in the caller's name.
    template <typename Make>
    void serverStreaming(const char* method, access::Operation operation, Make make) {
        using Reactor = grpc::ServerWriteReactor<grpc::ByteBuffer>;
        this->MarkMethodRawCallback(
            indexOf(method), new grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                                 [face = m_face, operation, make = std::move(make)](
                                     grpc::CallbackServerContext* context, const grpc::ByteBuffer* in) -> Reactor* {
                                     const auto admitted = admit(face, *context, operation);
                                     if (!admitted.ok())
                                         return new RefusedAnswers(admitted.error(), *context);
                                     const service::CallerScope scope(nameOf(*admitted, *context), *admitted);
                                     return make(context, in);
                                 }));
    }

    // make(context)
    template <typename Make>
    void bidirectional(const char* method, access::Operation operation, Make make) {
        using Reactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;
        this->MarkMethodRawCallback(
            indexOf(method),
            new grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                [face = m_face, operation, make = std::move(make)](grpc::CallbackServerContext* context) -> Reactor* {
                    const auto admitted = admit(face, *context, operation);
                    if (!admitted.ok())
                        return new RefusedStream(admitted.error(), *context);
                    const service::CallerScope scope(nameOf(*admitted, *context), *admitted);
                    return make(context);
                }));
    }

private:
    static Result<access::IdentityPtr> admit(const Face& face, const grpc::CallbackServerContext& context,
                                             access::Operation operation) {
        if (face.services.gate == nullptr)
            return access::IdentityPtr();
        return admitCall(*face.services.gate, context, operation);
    }
    static std::string nameOf(const access::IdentityPtr& identity, const grpc::CallbackServerContext& context) {
        return identity ? identity->name : nameForAudit(context);
    }

    Face m_face;
};

} // namespace mm::grpc_face
