#include "worker/tasks/parameter_values.h"

#include "engine/base/near_match.h"
#include "worker/runtime/failure.h"

#include <cmath>

namespace mm::worker {

using google::protobuf::Value;

void refuseParameter(const std::string& name, const std::string& why) {
    throw Failure(invalidField("parameters." + name, why));
}

void refuseUnknownParameter(const std::string& name, const std::string& whose, const std::vector<std::string>& known) {
    std::string list;
    for (std::size_t i = 0; i < known.size(); ++i)
        list += (i == 0 ? "" : i + 1 < known.size() ? ", " : " and ") + known[i];
    refuseParameter(name, whose + " have no such parameter; they have " + list + "." + didYouMean(name, known));
}

bool readFlag(const std::string& name, const Value& value) {
    if (value.kind_case() != Value::kBoolValue)
        refuseParameter(name, "true or false is needed");
    return value.bool_value();
}

const std::string& readText(const std::string& name, const Value& value) {
    if (value.kind_case() != Value::kStringValue)
        refuseParameter(name, "a text is needed");
    return value.string_value();
}

int readCount(const std::string& name, const Value& value, int largest, const std::string& because) {
    const double number = value.kind_case() == Value::kNumberValue ? value.number_value() : 0;
    if (!(number >= 1 && number <= largest) || std::nearbyint(number) != number)
        refuseParameter(name, "a whole number from 1 to " + std::to_string(largest) + " is needed: " + because);
    return static_cast<int>(number);
}

} // namespace mm::worker
