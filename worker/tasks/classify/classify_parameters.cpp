#include "worker/tasks/classify/classify_parameters.h"

#include "worker/tasks/parameter_values.h"

#include <algorithm>
#include <string>
#include <vector>

namespace mm::worker {

ClassifyParameters parseClassifyParameters(const google::protobuf::Struct& parameters, int labels, const char* whose) {
    static const std::vector<std::string> kKnown{"raw_scores", "top_k", "truncate"};
    ClassifyParameters wanted;
    for (const auto& [name, value] : parameters.fields()) {
        if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end())
            refuseUnknownParameter(name, whose, kKnown);
        if (value.kind_case() == google::protobuf::Value::kNullValue)
            continue;
        if (name == "raw_scores")
            wanted.rawScores = readFlag(name, value);
        else if (name == "truncate")
            wanted.truncate = readFlag(name, value);
        else
            wanted.topK = readCount(name, value, labels, "this model has so many labels");
    }
    return wanted;
}

} // namespace mm::worker
