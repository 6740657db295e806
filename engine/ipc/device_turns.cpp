#include "engine/ipc/device_turns.h"

#include "engine/base/log.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace mm::ipc {

struct TurnMemory {
    static constexpr std::size_t kDevices = 8;

    SharedWord lock; // of the tables' names
    std::array<TurnTable, kDevices> devices;
};

namespace {

// A lock that a living process keeps for so long is not coming back.
constexpr std::chrono::milliseconds kLockPatience{1'000};
// The engine does not wait for a worker: the turn's limit does what it could not.
constexpr std::chrono::milliseconds kEngineLockPatience{5};

TurnTime now() {
    return std::chrono::steady_clock::now().time_since_epoch();
}

Error systemError(const std::string& what) {
    const std::string why = std::strerror(errno);
    return {ErrorCode::InternalError, what + ": " + why, {{"system_error", why}}};
}

Result<std::shared_ptr<TurnMemory>> map(int fd) {
    void* memory = ::mmap(nullptr, sizeof(TurnMemory), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        return systemError("the memory for device turns cannot be mapped");
    return std::shared_ptr<TurnMemory>(static_cast<TurnMemory*>(memory),
                                       [](TurnMemory* mapped) { ::munmap(mapped, sizeof(TurnMemory)); });
}

bool isNamed(const TurnTable& table, std::string_view device) {
    const auto end = std::find(table.device.begin(), table.device.end(), '\0');
    return std::string_view(table.device.data(), static_cast<std::size_t>(end - table.device.begin())) == device;
}

void repairIfNeeded(TurnTable& table, const SharedLock& lock) {
    if (lock.tookOver())
        table.waiting.store(TurnTable::kSlots, std::memory_order_relaxed); // look instead of believing
}

void wake(TurnTable& table, std::optional<std::size_t> slot) {
    if (slot)
        wakeAll(table.slots[*slot].wake);
}

std::optional<std::size_t> freeSlot(TurnTable& table) {
    for (std::size_t i = 0; i < TurnTable::kSlots; ++i) {
        TurnSlot& slot = table.slots[i];
        if (isProcessAlive(slot.pid.load(std::memory_order_relaxed)))
            continue;
        retract(table, i);
        slot.pid.store(static_cast<std::uint32_t>(::getpid()), std::memory_order_relaxed);
        return i;
    }
    return std::nullopt;
}

} // namespace

DeviceTurn::DeviceTurn(std::shared_ptr<TurnMemory> memory, TurnTable& table, std::size_t slot,
                       std::chrono::milliseconds limit)
    : m_memory(std::move(memory)), m_table(table), m_slot(slot), m_limit(limit) {}

DeviceTurn::~DeviceTurn() {
    m_entered = true;
    giveBack();
    m_table.slots[m_slot].pid.store(0, std::memory_order_relaxed);
}

bool DeviceTurn::take(std::int32_t priority) {
    m_waiting.store(true);
    bool taken = m_broken;
    while (!taken && !m_poked.exchange(false)) {
        const SharedWord& news = m_table.slots[m_slot].wake;
        const std::uint32_t seen = news.load();
        TurnTime wait{};
        taken = tryTake(priority, wait);
        if (!taken && !m_poked.load())
            sleepWhile(news, seen, wait);
    }
    m_waiting.store(false);
    return taken;
}

bool DeviceTurn::tryTake(std::int32_t priority, TurnTime& wait) {
    std::optional<std::size_t> given;
    {
        const SharedLock lock(m_table.lock, kLockPatience);
        if (!lock) {
            giveUpTurns();
            return true;
        }
        repairIfNeeded(m_table, lock);
        // Given by whoever had it, while this thread slept.
        if (m_entered && holds(m_table, m_slot))
            return true;
        m_entered = true;
        const TurnTime time = now();
        if (seize(m_table, m_slot, time))
            return true;
        enqueue(m_table, m_slot, priority);
        given = handOn(m_table, time, m_limit);
        if (given == m_slot)
            return true;
        wait = given ? m_limit : TurnTime(m_table.heldSince.load(std::memory_order_relaxed)) + m_limit - time;
        wait = std::clamp(wait, TurnTime(std::chrono::milliseconds{1}), m_limit);
    }
    wake(m_table, given);
    return false;
}

void DeviceTurn::giveBack() {
    if (m_broken || !m_entered)
        return;
    m_entered = false;
    std::optional<std::size_t> given;
    {
        const SharedLock lock(m_table.lock, kLockPatience);
        if (!lock)
            return giveUpTurns();
        repairIfNeeded(m_table, lock);
        retract(m_table, m_slot);
        given = handOn(m_table, now(), m_limit);
    }
    wake(m_table, given);
}

void DeviceTurn::giveUpTurns() {
    m_broken = true;
    log::warning("the device's turns are locked by another process; computing without them from now on");
}

void DeviceTurn::poke() {
    m_poked.store(true);
    if (!m_waiting.load())
        return;
    SharedWord& news = m_table.slots[m_slot].wake;
    news.fetch_add(1);
    wakeAll(news);
}

Result<DeviceTurns> DeviceTurns::create() {
    const int fd = ::memfd_create("modelmora-turns", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return systemError("no memory for device turns");
    // Sealed: a worker that shrank it would take the others down.
    if (::ftruncate(fd, sizeof(TurnMemory)) != 0 ||
        ::fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
        Error error = systemError("the memory for device turns cannot be prepared");
        ::close(fd);
        return error;
    }
    Result<std::shared_ptr<TurnMemory>> memory = map(fd);
    if (!memory) {
        ::close(fd);
        return std::move(memory).error();
    }
    return DeviceTurns(fd, std::move(memory).value());
}

Result<DeviceTurns> DeviceTurns::open(int fd) {
    struct stat status {};
    if (::fstat(fd, &status) != 0)
        return systemError("the descriptor " + std::to_string(fd) + " for device turns is not open");
    const int seals = ::fcntl(fd, F_GET_SEALS);
    if (status.st_size != sizeof(TurnMemory) || seals < 0 || (seals & F_SEAL_SHRINK) == 0)
        return Error{ErrorCode::InvalidConfiguration,
                     "the descriptor " + std::to_string(fd) + " holds no memory for device turns of " +
                         std::to_string(sizeof(TurnMemory)) +
                         " bytes that cannot shrink; engine and worker must be of one release"};
    MM_TRY(std::shared_ptr<TurnMemory> memory, map(fd));
    return DeviceTurns(-1, std::move(memory));
}

DeviceTurns::~DeviceTurns() {
    if (m_fd >= 0)
        ::close(m_fd);
}

DeviceTurns::DeviceTurns(DeviceTurns&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1)), m_memory(std::move(other.m_memory)) {}

std::unique_ptr<DeviceTurn> DeviceTurns::join(std::string_view device, std::chrono::milliseconds limit) {
    device = device.substr(0, TurnTable::kNameBytes - 1);
    const SharedLock names(m_memory->lock, kLockPatience);
    if (!names)
        return nullptr;
    auto& tables = m_memory->devices;
    auto table = std::find_if(tables.begin(), tables.end(), [&](const auto& each) { return isNamed(each, device); });
    if (table == tables.end())
        table = std::find_if(tables.begin(), tables.end(), [](const auto& each) { return isNamed(each, {}); });
    if (table == tables.end())
        return nullptr;
    const SharedLock lock(table->lock, kLockPatience);
    if (!lock)
        return nullptr;
    std::copy(device.begin(), device.end(), table->device.begin());
    const std::optional<std::size_t> slot = freeSlot(*table);
    return slot ? std::make_unique<DeviceTurn>(m_memory, *table, *slot, limit) : nullptr;
}

void DeviceTurns::forget(std::int64_t pid) {
    for (TurnTable& table : m_memory->devices) {
        if (isNamed(table, {}))
            continue;
        std::optional<std::size_t> given;
        {
            const SharedLock lock(table.lock, kEngineLockPatience);
            if (!lock)
                continue;
            repairIfNeeded(table, lock);
            for (std::size_t i = 0; i < TurnTable::kSlots; ++i)
                if (std::int64_t(table.slots[i].pid.load(std::memory_order_relaxed)) == pid) {
                    retract(table, i);
                    table.slots[i].pid.store(0, std::memory_order_relaxed);
                }
            given = handOn(table, now(), DeviceTurns::kLimit);
        }
        wake(table, given);
    }
}

} // namespace mm::ipc
