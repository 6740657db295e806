// What the engine is set to, and changes of it.
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/query.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/native_routes.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using access::Operation;
using service::SettingsService;

Answer listAnswer(const v1::ListSettingsResponse& listed) {
    Answer answer;
    JsonWriter writer(answer.body);
    writer.beginObject().key("settings").beginArray();
    for (const v1::Setting& setting : listed.settings())
        writeMessage(writer, setting);
    writer.endArray().field("waiting_for_restart", std::int64_t{listed.waiting_for_restart()}).endObject();
    return answer;
}

Answer settingAnswer(const v1::Setting& setting) {
    return {200, toJson(setting)};
}

void listSettings(SettingsService& settings, const ExchangePtr& exchange) {
    Query query(exchange->request().query, {"name"});
    v1::ListSettingsRequest request;
    if (const auto name = query.text({"name"}))
        request.add_names(*name);
    if (const Result<void> checked = query.check(); !checked)
        return exchange->fail(checked.error());
    settings.list(std::move(request), exchange->replyWith<v1::ListSettingsResponse>(listAnswer));
}

void changeSettings(SettingsService& settings, const ExchangePtr& exchange) {
    const BodyShape shape{{"changes"}, {"changes"}};
    withBody<v1::ChangeSettingsRequest>(exchange, shape, [&settings, exchange](v1::ChangeSettingsRequest request) {
        settings.change(std::move(request), exchange->replyWith<v1::ListSettingsResponse>(listAnswer));
    });
}

void resetSetting(SettingsService& settings, const ExchangePtr& exchange) {
    v1::ResetSettingRequest request;
    request.set_name(exchange->argument("name"));
    settings.reset(std::move(request), exchange->replyWith<v1::Setting>(settingAnswer));
}

} // namespace

void mountSettings(Router& router, const service::Services& services) {
    SettingsService& settings = services.settings;
    const auto with = [&settings](auto handler) {
        return [&settings, handler](const ExchangePtr& exchange) { handler(settings, exchange); };
    };
    router.add("GET", api("/settings"), Operation::ReadSettings, with(listSettings));
    router.add("PATCH", api("/settings"), Operation::ChangeSettings, with(changeSettings));
    router.add("DELETE", api("/settings/{name}"), Operation::ChangeSettings, with(resetSetting));
}

} // namespace mm::rest::native
