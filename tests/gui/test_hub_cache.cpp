// A model out of a Hugging Face cache: found, looked at, registered without a copy of its weights, and loaded.
#include "tests/support/models_hand.h"

#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QTreeWidget>
#include <QtTest>

#include <filesystem>
#include <fstream>

namespace v1 = modelmora::v1;
namespace fs = std::filesystem;
using mm::test::ConsoleHouse;
using mm::test::isOpen;
using mm::test::ModelsHand;

namespace {

constexpr const char* kCommit = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf";

// As its own tools lay it out: contents by name in blobs, and links to them in a folder for each commit.
void makeCache(const fs::path& home) {
    const fs::path entry = home / "hub" / "models--sentence-transformers--all-MiniLM-L6-v2";
    const fs::path snapshot = entry / "snapshots" / kCommit;
    fs::create_directories(entry / "blobs");
    fs::create_directories(entry / "refs");
    std::ofstream(entry / "refs" / "main") << kCommit;
    int number = 0;
    const fs::path model = MM_TEST_MODEL;
    for (const auto& file : fs::recursive_directory_iterator(model)) {
        if (!file.is_regular_file())
            continue;
        const fs::path blob = entry / "blobs" / ("blob-" + std::to_string(++number));
        std::error_code fault;
        fs::create_hard_link(fs::canonical(file.path()), blob, fault);
        if (fault)
            fs::copy_file(file.path(), blob);
        const fs::path link = snapshot / file.path().lexically_relative(model);
        fs::create_directories(link.parent_path());
        fs::create_symlink(fs::relative(blob, link.parent_path()), link);
    }
}

} // namespace

class TestHubCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEntryIsPickedInspectedRegisteredAndLoaded() {
        const QTemporaryDir home;
        makeCache(home.path().toStdString());
        qputenv("HF_HOME", home.path().toUtf8());
        qunsetenv("HF_HUB_CACHE");
        qputenv("XDG_DATA_HOME", home.filePath(QStringLiteral("data")).toUtf8());
        ConsoleHouse house;
        QVERIFY(isOpen(house));
        const ModelsHand hand{house};
        hand.press(Qt::Key_N, Qt::ControlModifier);
        QDialog* dialog = hand.dialog("registerDialog");
        QVERIFY(dialog);
        auto* cache = hand.find<QTreeWidget>("registerCache");
        QVERIFY(ConsoleHouse::until([&] { return cache->isVisible() && cache->topLevelItemCount() == 1; }));
        QCOMPARE(cache->topLevelItem(0)->text(0), QStringLiteral("sentence-transformers/all-MiniLM-L6-v2"));
        cache->setFocus();
        QTest::keyClick(cache, Qt::Key_Down);
        if (!cache->currentItem() || hand.find<QLineEdit>("registerFolder")->text().isEmpty())
            cache->setCurrentItem(cache->topLevelItem(0));
        QVERIFY(hand.find<QLineEdit>("registerFolder")->text().endsWith(QLatin1String(kCommit)));

        // Looked at before anything is written.
        const auto told = [&] {
            QStringList words;
            for (const QLabel* label : dialog->findChildren<QLabel*>())
                if (label->isVisible())
                    words += label->text();
            return words.join(QLatin1Char('\n'));
        };
        for (const char* fact : {"BertModel", "22.7 M", "Will it fit", "links out of the folder"})
            QVERIFY2(ConsoleHouse::until([&] { return told().contains(QLatin1String(fact)); }), qPrintable(told()));
        QCOMPARE(hand.find<QLineEdit>("register.model_id")->text(),
                 QStringLiteral("sentence-transformers/all-MiniLM-L6-v2"));
        QVERIFY(house.ask(&mm::gui::RegistryCalls::ListModels, {})->models().empty());
        QVERIFY(hand.isEnabled("registerSubmit"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(hand.isGone("registerDialog"));
        QVERIFY(ConsoleHouse::until([&] { return hand.rows() == 1; }));

        // Its folder holds files now, and the cache may be emptied.
        fs::remove_all(fs::path(home.path().toStdString()) / "hub");
        hand.table()->selectRow(0);
        QVERIFY(hand.load());
    }
};

QTEST_MAIN(TestHubCache)
#include "test_hub_cache.moc"
