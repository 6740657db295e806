#include "engine/rest/routes/documents/document_routes.h"

#include "engine/rest/exchange.h"
#include "engine/rest/routes/documents/embedded_files.h"
#include "engine/rest/semantics/accept.h"
#include "engine/rest/semantics/entity_tag.h"

namespace mm::rest::documents {
namespace {

// The page's own scripts and styles, and requests to this server; nothing else, whatever a description may say.
// Swagger UI sets styles of elements and shows small pictures that it carries itself.
constexpr const char* kPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                                "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                                "frame-ancestors 'none'";

bool isKnown(const EmbeddedFile& file, std::string_view ifNoneMatch) {
    const auto condition = semantics::readTagCondition(ifNoneMatch);
    const auto tag = semantics::readEntityTag(file.entityTag);
    return condition && tag && semantics::matchesWeakly(*condition, *tag);
}

Answer answerWith(const EmbeddedFile& file, const guard::HttpRequest& request) {
    Answer answer;
    answer.contentType = file.contentType;
    // Asked again each time, and answered with 304: a new version of the engine brings a new page.
    answer.headers = {{"ETag", std::string(file.entityTag)},
                      {"Cache-Control", "no-cache"},
                      {"Vary", "Accept-Encoding"},
                      {"X-Content-Type-Options", "nosniff"}};
    if (file.contentType.starts_with("text/html")) {
        answer.headers.emplace_back("Content-Security-Policy", kPolicy);
        answer.headers.emplace_back("Referrer-Policy", "no-referrer");
    }
    if (isKnown(file, request.header("if-none-match"))) {
        answer.status = 304;
    } else if (semantics::bestCoding(request.header("accept-encoding")) == semantics::Coding::Gzip) {
        answer.body = file.gzip;
        answer.headers.emplace_back("Content-Encoding", "gzip");
    } else {
        answer.body = plainContent(file);
    }
    return answer;
}

void send(const ExchangePtr& exchange, std::string_view name) {
    const EmbeddedFile* file = embeddedFile(name);
    if (!file)
        return exchange->fail({ErrorCode::NotFound, "There is nothing at " + exchange->request().path + "."});
    exchange->work(file->plainBytes, [exchange, file] { exchange->answer(answerWith(*file, exchange->request())); });
}

} // namespace

void mount(Router& router) {
    const auto always = [](const char* name) { return [name](const ExchangePtr& exchange) { send(exchange, name); }; };
    router.add("GET", "/api/v1/openapi.json", access::Operation::ReadDocuments, always("openapi.json"));
    router.add("GET", "/api/v1/openapi.yaml", access::Operation::ReadDocuments, always("openapi.yaml"),
               "application/yaml");
    router.add("GET", "/docs", access::Operation::ReadDocuments, always("index.html"), "text/html");
    router.add(
        "GET", "/docs/{file}", access::Operation::ReadDocuments,
        [](const ExchangePtr& exchange) { send(exchange, exchange->argument("file")); },
        "text/html, text/css, text/javascript, text/plain, image/png");
}

} // namespace mm::rest::documents
