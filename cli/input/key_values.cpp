#include "cli/input/key_values.h"

#include <google/protobuf/util/json_util.h>
#include <nlohmann/json.hpp>

namespace mm::cli {

Result<google::protobuf::Struct> toSettings(const std::string& flag, const std::vector<std::string>& pairs) {
    google::protobuf::Struct settings;
    for (const std::string& pair : pairs) {
        const std::size_t equals = pair.find('=');
        if (equals == std::string::npos || equals == 0)
            return invalidField(flag, "'" + pair + "' is not of the form KEY=VALUE");
        const std::string key = pair.substr(0, equals);
        const std::string text = pair.substr(equals + 1);
        if (settings.fields().contains(key))
            return invalidField(flag, "'" + key + "' is given twice");
        auto& value = (*settings.mutable_fields())[key];
        // The strict parser decides; protobuf's own one takes more than JSON.
        if (!nlohmann::json::accept(text) || !google::protobuf::util::JsonStringToMessage(text, &value).ok())
            value.set_string_value(text);
    }
    return settings;
}

} // namespace mm::cli
