#include "engine/lifecycle/memory/memory_ledger.h"

#include <algorithm>

namespace mm::lifecycle {
namespace {

void raiseTo(ByDevice& most, const ByDevice& seen) {
    for (const DeviceBytes& line : seen)
        if (const std::int64_t more = line.bytes - bytesOn(most, line.device); more > 0)
            addTo(most, {{line.device, more}});
}

bool has(const ByDevice& bytes, std::string_view device) {
    return std::any_of(bytes.begin(), bytes.end(), [&](const DeviceBytes& line) { return line.device == device; });
}

Error tooLarge(const InstanceKey& key, const DeviceAccount& account, std::int64_t needed, std::int64_t free) {
    return {ErrorCode::InsufficientMemory,
            key.model + " needs " + inMegabytes(needed) + " on " + account.device + ", but " + inMegabytes(free) +
                " of " + inMegabytes(account.effectiveBytes) +
                " are free. Unload another model, or raise the memory budget.",
            {{"device", account.device},
             {"needed_bytes", needed},
             {"free_bytes", free},
             {"budget_bytes", account.effectiveBytes}}};
}

Error overBudget(const LedgerEntry& entry, const DeviceAccount& account) {
    const std::int64_t measured = bytesOn(entry.held(), account.device);
    const std::int64_t predicted = bytesOn(totals(entry.estimate), account.device);
    return {ErrorCode::InsufficientMemory,
            entry.key.model + " took " + inMegabytes(measured) + " on " + account.device + " where " +
                inMegabytes(predicted) + " were predicted; with it " + inMegabytes(account.usedBytes()) + " of " +
                inMegabytes(account.effectiveBytes) +
                " would be in use. Unload another model, or raise the memory budget.",
            {{"device", account.device},
             {"needed_bytes", measured},
             {"predicted_bytes", predicted},
             {"free_bytes", std::max<std::int64_t>(0, account.effectiveBytes - account.usedBytes() + measured)},
             {"budget_bytes", account.effectiveBytes}}};
}

v1::LedgerState protoState(LedgerState state) {
    switch (state) {
    case LedgerState::Reserved:
        return v1::LEDGER_STATE_RESERVED;
    case LedgerState::Committed:
        return v1::LEDGER_STATE_COMMITTED;
    case LedgerState::Releasing:
        return v1::LEDGER_STATE_RELEASING;
    }
    return v1::LEDGER_STATE_UNSPECIFIED;
}

void writeEntry(const LedgerEntry& entry, const std::string& device, v1::LedgerEntry& message) {
    const auto at = entry.key.model.rfind('@');
    message.set_model_id(entry.key.model.substr(0, at));
    message.set_version(at == std::string::npos ? std::string() : entry.key.model.substr(at + 1));
    message.set_instance(entry.key.instance);
    message.set_state(protoState(entry.state));
    message.set_measured_bytes(bytesOn(entry.measured, device));
    message.set_peak_bytes(bytesOn(entry.peak, device));
    for (const MemoryEstimate& estimate : entry.estimate) {
        if (estimate.device != device)
            continue;
        message.set_predicted_bytes(estimate.total());
        *message.mutable_estimate() = toProto(estimate);
    }
}

} // namespace

ByDevice LedgerEntry::held() const {
    if (state == LedgerState::Releasing)
        return atRelease;
    ByDevice bytes = totals(estimate);
    if (state == LedgerState::Reserved) {
        raiseTo(bytes, measured);
        return bytes;
    }
    for (DeviceBytes& line : bytes)
        if (has(measured, line.device))
            line.bytes = bytesOn(measured, line.device);
    for (const DeviceBytes& line : measured)
        if (!has(bytes, line.device))
            bytes.push_back(line);
    return bytes;
}

std::int64_t DeviceAccount::freeBytes() const {
    return std::max<std::int64_t>(0, effectiveBytes - usedBytes());
}

MemoryLedger::MemoryLedger(Options options, MemoryProbe& probe) : m_options(options), m_probe(probe) {
    m_seen = m_probe.devices();
    recount();
}

void MemoryLedger::setOptions(Options options) {
    m_options = options;
    recount();
    tellChanged();
}

const DeviceAccount* MemoryLedger::account(std::string_view device) const {
    const auto found =
        std::find_if(m_devices.begin(), m_devices.end(), [&](const auto& known) { return known.device == device; });
    return found == m_devices.end() ? nullptr : &*found;
}

Result<void> MemoryLedger::reserve(const InstanceKey& key, MemoryNeed estimate) {
    const LedgerEntry* before = find(key);
    const ByDevice own = before ? before->held() : ByDevice{};
    for (const DeviceBytes& line : totals(estimate)) {
        const DeviceAccount* known = account(line.device);
        if (known == nullptr)
            return Error{ErrorCode::DeviceUnavailable,
                         key.model + " is to use " + line.device +
                             ", which this machine does not show. Set its device to 'cpu' or 'auto'.",
                         {{"device", line.device}}};
        const std::int64_t free =
            std::max<std::int64_t>(0, known->effectiveBytes - known->usedBytes() + bytesOn(own, line.device));
        if (line.bytes > free)
            return tooLarge(key, *known, line.bytes, free);
    }
    LedgerEntry entry;
    entry.key = key;
    entry.estimate = std::move(estimate);
    m_entries.insert_or_assign(key, std::move(entry));
    recount();
    tellChanged();
    return {};
}

void MemoryLedger::attach(const InstanceKey& key, std::int64_t pid) {
    if (const auto found = m_entries.find(key); found != m_entries.end())
        found->second.pid = pid;
}

Result<void> MemoryLedger::commit(const InstanceKey& key) {
    const auto found = m_entries.find(key);
    if (found == m_entries.end())
        return Error{ErrorCode::InternalError, key.model + " was loaded without a reservation"};
    LedgerEntry& entry = found->second;
    entry.state = LedgerState::Committed;
    lookAgain();
    tellChanged();
    for (const DeviceBytes& line : entry.held())
        if (const DeviceAccount* known = account(line.device); known && known->usedBytes() > known->effectiveBytes)
            return overBudget(entry, *known);
    return {};
}

void MemoryLedger::releasing(const InstanceKey& key) {
    const auto found = m_entries.find(key);
    if (found == m_entries.end() || found->second.state == LedgerState::Releasing)
        return;
    found->second.atRelease = found->second.held();
    found->second.state = LedgerState::Releasing;
    recount();
    tellChanged();
}

void MemoryLedger::release(const InstanceKey& key) {
    if (m_entries.erase(key) == 0)
        return;
    lookAgain();
    tellChanged();
}

// A worker that is gone holds nothing, but its entry stays until release(): the owner decides when that is.
bool MemoryLedger::measure(LedgerEntry& entry) {
    if (entry.pid == 0)
        return false;
    const std::optional<ByDevice> seen = m_probe.processMemory(entry.pid);
    if (!seen && entry.state != LedgerState::Releasing)
        return false; // its end is about to be told; until then it counts for what it last had
    ByDevice now = seen.value_or(ByDevice{});
    raiseTo(entry.peak, now);
    if (now == entry.measured)
        return false;
    entry.measured = std::move(now);
    return true;
}

// Workers and devices are looked at together: available memory and what is ours must be of the same moment.
bool MemoryLedger::lookAgain() {
    bool moved = false;
    for (auto& [key, entry] : m_entries)
        moved = measure(entry) || moved;
    m_seen = m_probe.devices();
    recount();
    return moved;
}

bool MemoryLedger::refresh() {
    const std::vector<DeviceAccount> before = m_devices;
    const bool moved = lookAgain() || !std::equal(before.begin(), before.end(), m_devices.begin(), m_devices.end(),
                                                  [](const DeviceAccount& a, const DeviceAccount& b) {
                                                      return a.device == b.device &&
                                                             a.effectiveBytes == b.effectiveBytes &&
                                                             a.usedBytes() == b.usedBytes();
                                                  });
    if (moved)
        tellChanged();
    return moved;
}

void MemoryLedger::recount() {
    m_devices.clear();
    for (const DeviceMemory& seen : m_seen) {
        DeviceAccount account;
        account.device = seen.device;
        account.name = seen.name;
        account.totalBytes = seen.totalBytes;
        account.availableBytes = seen.availableBytes;
        std::int64_t ours = 0;
        for (const auto& [key, entry] : m_entries) {
            const std::int64_t bytes = bytesOn(entry.held(), seen.device);
            (entry.state == LedgerState::Reserved ? account.reservedBytes : account.committedBytes) += bytes;
            ours += bytesOn(entry.measured, seen.device);
        }
        const MemoryBudget& budget = seen.device == kHostDevice ? m_options.host : m_options.gpu;
        account.budgetBytes = budget.of(seen.totalBytes);
        account.effectiveBytes = std::min(account.budgetBytes, seen.availableBytes + ours);
        account.othersBytes = std::max<std::int64_t>(0, seen.totalBytes - seen.availableBytes - ours);
        m_devices.push_back(std::move(account));
    }
}

const LedgerEntry* MemoryLedger::find(const InstanceKey& key) const {
    const auto found = m_entries.find(key);
    return found == m_entries.end() ? nullptr : &found->second;
}

std::vector<LedgerEntry> MemoryLedger::entries() const {
    std::vector<LedgerEntry> all;
    all.reserve(m_entries.size());
    for (const auto& [key, entry] : m_entries)
        all.push_back(entry);
    return all;
}

v1::MemoryLedger MemoryLedger::toProto() const {
    v1::MemoryLedger message;
    for (const DeviceAccount& known : m_devices) {
        v1::DeviceLedger& device = *message.add_devices();
        device.set_device(known.device);
        device.set_name(known.name);
        device.set_total_bytes(known.totalBytes);
        device.set_system_available_bytes(known.availableBytes);
        device.set_budget_bytes(known.budgetBytes);
        device.set_effective_budget_bytes(known.effectiveBytes);
        device.set_reserved_bytes(known.reservedBytes);
        device.set_committed_bytes(known.committedBytes);
        device.set_free_bytes(known.freeBytes());
        device.set_other_programs_bytes(known.othersBytes);
        for (const auto& [key, entry] : m_entries)
            if (has(totals(entry.estimate), known.device) || has(entry.measured, known.device))
                writeEntry(entry, known.device, *device.add_entries());
    }
    return message;
}

void MemoryLedger::tellChanged() const {
    if (m_changed)
        m_changed();
}

} // namespace mm::lifecycle
