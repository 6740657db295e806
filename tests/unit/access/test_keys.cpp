// Keys from their request to the ring: what cannot be one, what is stored of it, and when it ends.
#include "engine/access/keys/key_ring.h"
#include "engine/access/keys/key_rules.h"
#include "engine/access/keys/key_secret.h"
#include "engine/access/keys/key_store.h"
#include "tests/support/manual_clock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <limits>
#include <set>

using namespace mm;
using namespace mm::access;
using namespace std::chrono_literals;
using mm::test::ManualClock;

namespace {

v1::CreateKeyRequest request(const std::string& name, const std::string& role = "user") {
    v1::CreateKeyRequest made;
    made.set_name(name);
    made.set_role(role);
    return made;
}

struct House {
    QTemporaryDir folder;
    ManualClock clock;
    std::filesystem::path file = folder.filePath(QStringLiteral("keys.db")).toStdString();
    std::unique_ptr<KeyStore> store = std::move(KeyStore::open({file, clock.wallNow()})).value();
    KeyRing ring;

    void load() { ring.replace(*store->all(), clock.now()); }
    bool opens(const std::string& secret) { return ring.find(secret, clock.wallNow()).ok(); }
};

} // namespace

class TestKeys : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyFaultOfARequestIsNamed();
    void aLimitOfZeroIsRefusedWithAdvice();
    void secretsAreOfChanceAndNotKept();
    void aKeyOpensUntilItExpiresOrIsRevoked();
    void aRotatedKeyKeepsItsOldSecretForAsLongAsAsked();
    void aNameIsTakenOnce();
    void whatOthersChangeIsSeenByItsRevision();
    void whatWasUsedStaysUsedThroughAReload();
};

void TestKeys::everyFaultOfARequestIsNamed() {
    v1::CreateKeyRequest wrong = request("a\nb", "boss");
    wrong.add_models("org/ repo");
    wrong.set_max_priority(static_cast<v1::Priority>(9));
    wrong.mutable_limits()->set_requests_per_minute(-1);
    wrong.mutable_limits()->set_compute_seconds_per_day(std::numeric_limits<double>::quiet_NaN());
    wrong.set_expires_in_seconds(-5);
    const auto refused = newKey(wrong, {}, "test");
    QVERIFY(!refused.ok());
    std::set<std::string> fields;
    for (const FieldError& field : refused.error().fieldErrors)
        fields.insert(field.field);
    const std::set<std::string> expected{"name",
                                         "role",
                                         "models[0]",
                                         "max_priority",
                                         "limits.requests_per_minute",
                                         "limits.compute_seconds_per_day",
                                         "expires_in_seconds"};
    QVERIFY(fields == expected);
    QVERIFY(refused.error().message.find('\n') == std::string::npos);
}

void TestKeys::aLimitOfZeroIsRefusedWithAdvice() {
    v1::CreateKeyRequest zero = request("app");
    zero.mutable_limits()->set_requests_per_minute(0);
    const auto refused = newKey(zero, {}, "test");
    QVERIFY(!refused.ok() && refused.error().message.find("revoke") != std::string::npos);
}

void TestKeys::secretsAreOfChanceAndNotKept() {
    House house;
    std::set<std::string> secrets;
    for (int i = 0; i < 100; ++i) {
        const auto issued = house.store->create(request("key-" + std::to_string(i)), house.clock.wallNow(), "test");
        QVERIFY(issued.ok());
        QVERIFY(isSecret(issued->secret));
        secrets.insert(issued->secret);
    }
    QCOMPARE(secrets.size(), std::size_t{100});
    house.store.reset();
    QFile file(QString::fromStdString(house.file.string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray stored = file.readAll();
    for (const std::string& secret : secrets)
        QVERIFY(!stored.contains(secret.substr(12).c_str()));
}

void TestKeys::aKeyOpensUntilItExpiresOrIsRevoked() {
    House house;
    v1::CreateKeyRequest wanted = request("app", "operator");
    wanted.add_models("org/*");
    wanted.add_models("a/b@1");
    wanted.set_expires_in_seconds(60);
    const std::string secret = house.store->create(wanted, house.clock.wallNow(), "test")->secret;
    const std::string other = house.store->create(request("other"), house.clock.wallNow(), "test")->secret;
    house.load();
    const auto identity = house.ring.find(secret, house.clock.wallNow());
    QVERIFY(identity.ok());
    QCOMPARE((*identity)->name, std::string("app"));
    QVERIFY((*identity)->role == Role::Operator);
    QCOMPARE((*identity)->models.size(), std::size_t{2});
    QVERIFY(!house.opens(secret.substr(0, secret.size() - 1)));
    QVERIFY(!house.opens("mm_" + std::string(43, 'A')));
    house.clock.advance(60s);
    QVERIFY(!house.opens(secret));
    QVERIFY(house.opens(other));
    QVERIFY(house.store->revoke("other", house.clock.wallNow()).ok());
    house.load();
    const auto revoked = house.ring.find(other, house.clock.wallNow());
    QVERIFY(!revoked.ok() && revoked.error().message.find("revoked") != std::string::npos);
    QVERIFY(revoked.error().message.find(other) == std::string::npos);
    QVERIFY(!house.store
                 ->rotate(
                     [] {
                         v1::RotateKeyRequest r;
                         r.set_key("other");
                         return r;
                     }(),
                     house.clock.wallNow())
                 .ok());
}

void TestKeys::aRotatedKeyKeepsItsOldSecretForAsLongAsAsked() {
    House house;
    const std::string old = house.store->create(request("app"), house.clock.wallNow(), "test")->secret;
    v1::RotateKeyRequest rotate;
    rotate.set_key("app");
    rotate.set_keep_old_seconds(10);
    const std::string next = house.store->rotate(rotate, house.clock.wallNow())->secret;
    house.load();
    QVERIFY(house.opens(old) && house.opens(next));
    house.clock.advance(10s);
    QVERIFY(!house.opens(old) && house.opens(next));
    rotate.set_keep_old_seconds(0);
    const std::string last = house.store->rotate(rotate, house.clock.wallNow())->secret;
    house.load();
    QVERIFY(!house.opens(next) && house.opens(last));
}

void TestKeys::aNameIsTakenOnce() {
    House house;
    QVERIFY(house.store->create(request("app"), house.clock.wallNow(), "test").ok());
    const auto again = house.store->create(request("app"), house.clock.wallNow(), "test");
    QVERIFY(!again.ok() && again.error().code == ErrorCode::RevisionConflict);
    QVERIFY(house.store->revoke("app", house.clock.wallNow()).ok());
    QVERIFY(house.store->create(request("app"), house.clock.wallNow(), "test").ok());
    QVERIFY(!house.store->find("app")->isRevoked());
    QVERIFY(house.store->revoke("nobody", house.clock.wallNow()).error().code == ErrorCode::NotFound);
}

void TestKeys::whatOthersChangeIsSeenByItsRevision() {
    House house;
    const auto other = std::move(KeyStore::open({house.file, house.clock.wallNow()})).value();
    const auto before = *house.store->revision();
    QVERIFY(other->create(request("app"), house.clock.wallNow(), "test").ok());
    QVERIFY(*house.store->revision() > before);
}

void TestKeys::whatWasUsedStaysUsedThroughAReload() {
    House house;
    v1::CreateKeyRequest wanted = request("app");
    wanted.mutable_limits()->set_compute_seconds_per_day(1);
    const std::string secret = house.store->create(wanted, house.clock.wallNow(), "test")->secret;
    house.load();
    house.ring.charge("app", 2, house.clock.now());
    house.ring.charge("nobody", 2, house.clock.now());
    house.load();
    const auto identity = house.ring.find(secret, house.clock.wallNow());
    QVERIFY(identity.ok() && (*identity)->meter);
}

QTEST_GUILESS_MAIN(TestKeys)
#include "test_keys.moc"
