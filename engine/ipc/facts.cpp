#include "engine/ipc/facts.h"

#include <google/protobuf/util/json_util.h>

#include <cmath>

namespace mm::ipc {
namespace {

using google::protobuf::Value;

Value toValue(const FactValue& fact) {
    Value value;
    if (const auto* flag = std::get_if<bool>(&fact)) {
        value.set_bool_value(*flag);
    } else if (const auto* integer = std::get_if<std::int64_t>(&fact)) {
        value.set_number_value(static_cast<double>(*integer));
    } else if (const auto* number = std::get_if<double>(&fact)) {
        value.set_number_value(*number);
    } else if (const auto* text = std::get_if<std::string>(&fact)) {
        value.set_string_value(*text);
    } else {
        for (const std::string& item : std::get<std::vector<std::string>>(fact))
            value.mutable_list_value()->add_values()->set_string_value(item);
    }
    return value;
}

std::string jsonText(const Value& value) {
    std::string text;
    (void)google::protobuf::util::MessageToJsonString(value, &text);
    return text;
}

FactValue fromValue(const Value& value) {
    switch (value.kind_case()) {
    case Value::kBoolValue:
        return value.bool_value();
    case Value::kNumberValue: {
        const double number = value.number_value();
        if (std::nearbyint(number) == number && std::fabs(number) < 9.0e15)
            return static_cast<std::int64_t>(number);
        return number;
    }
    case Value::kStringValue:
        return value.string_value();
    case Value::kListValue: {
        std::vector<std::string> items;
        for (const Value& item : value.list_value().values())
            items.push_back(item.kind_case() == Value::kStringValue ? item.string_value() : jsonText(item));
        return items;
    }
    default:
        return jsonText(value);
    }
}

std::string plainText(const FactValue& fact) {
    const Value value = toValue(fact);
    return value.kind_case() == Value::kStringValue ? value.string_value() : jsonText(value);
}

} // namespace

google::protobuf::Struct toStruct(const Facts& facts) {
    google::protobuf::Struct values;
    for (const auto& [name, fact] : facts)
        (*values.mutable_fields())[name] = toValue(fact);
    return values;
}

Facts fromStruct(const google::protobuf::Struct& values) {
    Facts facts;
    for (const auto& [name, value] : values.fields())
        facts.emplace(name, fromValue(value));
    return facts;
}

modelmora::worker::v1::Failure toFailure(const Error& error) {
    modelmora::worker::v1::Failure failure;
    failure.set_code(std::string(errorName(error.code)));
    failure.set_message(error.message);
    *failure.mutable_details() = toStruct(error.facts);
    return failure;
}

Error fromFailure(const modelmora::worker::v1::Failure& failure) {
    return {errorCodeFromName(failure.code()), failure.message(), fromStruct(failure.details())};
}

modelmora::v1::Error toProto(const Error& error) {
    modelmora::v1::Error proto;
    proto.set_code(std::string(errorName(error.code)));
    proto.set_message(error.message);
    for (const auto& [name, fact] : error.facts)
        (*proto.mutable_details())[name] = plainText(fact);
    *proto.mutable_facts() = toStruct(error.facts);
    for (const FieldError& field : error.fieldErrors) {
        auto* violation = proto.add_validation_errors();
        violation->set_field(field.field);
        violation->set_message(field.message);
    }
    return proto;
}

Error fromProto(const modelmora::v1::Error& proto) {
    Error error{errorCodeFromName(proto.code()), proto.message(), fromStruct(proto.facts())};
    for (const auto& violation : proto.validation_errors())
        error.fieldErrors.push_back({violation.field(), violation.message()});
    return error;
}

} // namespace mm::ipc
