// Result<T>: a value or an Error. What can fail returns one; it cannot be ignored silently.
// MM_TRY(decl, expression) unwraps or returns the error from the enclosing function.
#pragma once

#include "engine/base/error.h"

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

namespace mm {

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] const T& value() const& {
        assert(ok());
        return std::get<0>(m_state);
    }
    [[nodiscard]] T& value() & {
        assert(ok());
        return std::get<0>(m_state);
    }
    [[nodiscard]] T&& value() && {
        assert(ok());
        return std::get<0>(std::move(m_state));
    }
    const T& operator*() const& { return value(); }
    T& operator*() & { return value(); }
    const T* operator->() const { return &value(); }
    T* operator->() { return &value(); }

    [[nodiscard]] const Error& error() const& {
        assert(!ok());
        return std::get<1>(m_state);
    }
    [[nodiscard]] Error&& error() && {
        assert(!ok());
        return std::get<1>(std::move(m_state));
    }

private:
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    [[nodiscard]] bool ok() const { return !m_error; }
    explicit operator bool() const { return ok(); }
    [[nodiscard]] const Error& error() const& { return *m_error; }
    [[nodiscard]] Error&& error() && { return *std::move(m_error); }

private:
    std::optional<Error> m_error;
};

} // namespace mm

#define MM_CONCAT_IMPL(a, b) a##b
#define MM_CONCAT(a, b) MM_CONCAT_IMPL(a, b)
#define MM_TRY(decl, ...)                                                                                              \
    auto MM_CONCAT(mmTry, __LINE__) = (__VA_ARGS__);                                                                   \
    if (!MM_CONCAT(mmTry, __LINE__).ok())                                                                              \
        return std::move(MM_CONCAT(mmTry, __LINE__)).error();                                                          \
    decl = std::move(MM_CONCAT(mmTry, __LINE__)).value()
#define MM_CHECK(...)                                                                                                  \
    if (auto mmCheck = (__VA_ARGS__); !mmCheck.ok())                                                                   \
    return std::move(mmCheck).error()
