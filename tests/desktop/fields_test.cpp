#include "core/field_names.hpp"
#include "core/field_path.hpp"
#include "core/payload_fields.hpp"
#include "core/search.hpp"
#include "support/desk.hpp"
#include "support/fake_server.hpp"
#include "widgets/chart_widget.hpp"
#include "widgets/device_actions.hpp"
#include "widgets/device_list.hpp"
#include "widgets/device_page.hpp"
#include "widgets/device_tree.hpp"
#include "widgets/export_dialog.hpp"
#include "widgets/field_picker.hpp"

#include <QDialog>
#include <QFile>
#include <QFileDialog>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace breakwater::desktop::test {

/// Tests of field names and labels, search, shortcuts and the language.
class FieldsTest : public QObject {
    Q_OBJECT

    static QStringList shownNames(DeviceList& list) {
        QStringList names;
        for (int row = 0; row < list.filter().rowCount(); ++row)
            names << list.filter().index(row, DeviceModel::Name).data().toString();
        return names;
    }

    /// A reading of the server with this payload.
    static QJsonObject readingOf(const PlainServer& server, const QJsonObject& payload) {
        QJsonObject reading = server.reading(1);
        reading["payload"_L1] = payload;
        return reading;
    }

    static bool hasButton(const QWidget& parent, const QString& text) {
        const auto buttons = parent.findChildren<QPushButton*>();
        return std::any_of(buttons.begin(), buttons.end(), [&](const QPushButton* button) {
            return button->isVisible() && button->text() == text;
        });
    }

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale{QLocale::English}); }

    void labelsContainPathAndUnit() {
        QCOMPARE(fieldLabel(u"metrics.temperature_c"_s), u"temperature"_s);
        QCOMPARE(fieldLabel(u"battery.temperature"_s), u"battery temperature"_s);
        QCOMPARE(fieldLabel(u"indoor.temperature_c"_s), u"indoor temperature"_s);
        QCOMPARE(fieldLabel(u"flow_lux"_s), u"flow"_s);
        QCOMPARE(fieldLabel({}), u"\"\""_s);
        const auto labels =
            fieldLabels({u"metrics.load"_s, u"load"_s, u"battery.temperature"_s, u"indoor.temperature"_s});
        QCOMPARE(labels.value(u"metrics.load"_s), u"metrics.load"_s);
        QCOMPARE(labels.value(u"load"_s), u"load"_s);
        QCOMPARE(labels.value(u"battery.temperature"_s), u"battery temperature"_s);
        QCOMPARE(QSet<QString>(labels.begin(), labels.end()).size(), 4);
        QCOMPARE(unitOf(u"metrics.wind_speed_ms"_s), u"m/s"_s);
        QCOMPARE(unitOf(u"latency_ms"_s), u"ms"_s);
        QCOMPARE(unitOf(u"c"_s), QString{});
        QCOMPARE(withUnit(u"temperature"_s, u"temperature_c"_s), u"temperature (°C)"_s);
    }

    void namesMatchTheServer() {
        QFile file{QStringLiteral(BREAKWATER_SOURCE_FOLDER "/tests/support/field_names.json")};
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonObject vectors = QJsonDocument::fromJson(file.readAll()).object();
        const auto vectorsOf = [&vectors](QLatin1StringView name) { return vectors[name].toArray(); };
        for (const auto kind : {"names"_L1, "not_names"_L1, "payloads"_L1})
            QVERIFY(!vectorsOf(kind).isEmpty());
        for (const QJsonValue vector : vectorsOf("names"_L1)) {
            FieldPath path;
            for (const QJsonValue step : vector["path"_L1].toArray())
                path.append(step.isString() ? FieldStep{step.toString()} : FieldStep{step.toInt()});
            const QString name = vector["name"_L1].toString();
            QCOMPARE(writeFieldName(path), name);
            QVERIFY2(readFieldName(name) == path, qPrintable(name));
        }
        for (const QJsonValue vector : vectorsOf("not_names"_L1))
            QVERIFY2(!readFieldName(vector["text"_L1].toString()), qPrintable(vector["text"_L1].toString()));
        for (const QJsonValue vector : vectorsOf("payloads"_L1)) {
            QMap<QString, QJsonValue> expected;
            for (const QJsonValue field : vector["fields"_L1].toArray())
                expected.insert(field[0].toString(), field[1]);
            QMap<QString, QJsonValue> actual;
            for (const auto& [name, value] : fieldsOf(vector["payload"_L1].toObject()))
                actual.insert(name, value);
            QCOMPARE(actual, expected);
        }
    }

    void labelsAreUnescapedAndUnique() {
        QCOMPARE(fieldLabel(u"metrics.gps[0]"_s), u"gps[0]"_s);
        QCOMPARE(fieldLabel(u"rooms[2].air_temperature_c"_s), u"rooms[2] air temperature"_s);
        QCOMPARE(unitOf(u"volts_mm[1]"_s), u"mm"_s);
        QCOMPARE(fieldLabel(u"x\\,y"_s), u"x,y"_s);
        QCOMPARE(fieldLabel(u"\\e"_s), u"\"\""_s);
        const auto labels = fieldLabels({u"a.b"_s, u"a_b"_s, u"a\\.b"_s});
        QCOMPARE(QSet<QString>(labels.begin(), labels.end()).size(), 3);
    }

    void numbersKeepTheirPrecision() {
        QCOMPARE(measuredText(21.5), u"21.5"_s);
        QCOMPARE(measuredText(1013.2512), u"1013.251"_s);
        QCOMPARE(measuredText(101325.123), u"101325.123"_s);
        QCOMPARE(measuredText(0.1 + 0.2), u"0.3"_s);
        QCOMPARE(measuredText(123456789), u"123456789"_s);
        QCOMPARE(measuredText(1e-12), u"1E-12"_s);
        QCOMPARE(measuredText(1e308), u"1E+308"_s);
        QCOMPARE(measuredText(0), u"0"_s);
        QCOMPARE(valueText(1e-12), u"1E-12"_s);
        QCOMPARE(valueText(0.30000000000000004), u"0.30000000000000004"_s);
        QLocale::setDefault(QLocale{QLocale::Polish});
        QCOMPARE(measuredText(1013.25), u"1013,25"_s);
    }

    void scalesWorkForAnyMagnitude() {
        constexpr double largest = std::numeric_limits<double>::max();
        for (const auto& [low, high] :
             {std::pair{1e-12, 1e-12}, std::pair{1e-12, 5e-12}, std::pair{1e308, 1e308},
              std::pair{-1e308, 1e308}, std::pair{-largest, largest}, std::pair{largest, largest},
              std::pair{5e-324, 5e-324}, std::pair{0.0, 0.0}, std::pair{1e16, 1e16 + 2}}) {
            const Extent extent = extentOf({{.low = low, .high = high, .mean = low}});
            QVERIFY(std::isfinite(extent.low) && std::isfinite(extent.high) && extent.low < extent.high);
            for (const double value : {low, high})
                QVERIFY2(extent.part(value) >= 0 && extent.part(value) <= 1,
                         qPrintable(QString::number(value)));
            const auto values = ticks(extent.low, extent.high, 5);
            QVERIFY(values.size() <= 12);
            QVERIFY(
                std::all_of(values.begin(), values.end(), [](double tick) { return std::isfinite(tick); }));
        }
        const Extent small = extentOf({{.low = 1e-12, .high = 1e-12, .mean = 1e-12}});
        QVERIFY(!ticks(small.low, small.high, 5).isEmpty());
    }

    void searchIgnoresAccentsAndSortsNaturally() {
        QCOMPARE(folded(u"ŁÓDŹ Straße Ærø"_s), u"lodz strasse aero"_s);
        QVERIFY(containsText(u"Zażółć gęślą"_s, u" zazolc GESLA"_s));
        QVERIFY(!containsText(u"Łódź"_s, u"lodx"_s));
        PlainServer server{4};
        const QStringList names{u"Śluza 10"_s, u"sluza 9"_s, u"Łódź"_s, u"Pump"_s};
        for (int n = 0; n < 4; ++n) {
            QJsonObject device = server.devices[n].toObject();
            device["name"_L1] = names[n];
            server.devices[n] = device;
        }
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        DeviceList& list = desk.window().list();
        QTRY_COMPARE(list.filter().rowCount(), 4);
        Desk::type(list, u"search"_s, u"SLUZA"_s);
        QCOMPARE(shownNames(list), (QStringList{u"sluza 9"_s, u"Śluza 10"_s}));
        Desk::type(list, u"search"_s, u"lodz"_s);
        QCOMPARE(shownNames(list), QStringList{u"Łódź"_s});
    }

    void manyFieldsHaveASearchableList() {
        PlainServer server{1};
        QJsonObject payload;
        for (int n = 0; n < 400; ++n)
            payload[u"sensor_%1"_s.arg(n)] = n;
        payload[QString{500, u'x'}] = 1;
        payload["note"_L1] = QString{500, u'y'};
        server.readings = {readingOf(server, payload)};
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        desk.window().resize(1000, 700);
        FieldPicker& picker = desk.window().devicePage().fields();
        QTRY_VERIFY(picker.findChild<QPushButton*>(u"allFields"_s) != nullptr);
        QTRY_COMPARE(picker.selected().size(), 3);
        QVERIFY(picker.findChildren<QPushButton*>().size() < 2 * FieldPicker::maxButtons + 2);
        QVERIFY2(picker.height() < 200, qPrintable(QString::number(picker.height())));
        QVERIFY(desk.window().width() <= 1000);

        picker.select({});
        picker.openList();
        auto* list = picker.findChild<QListWidget*>(u"fieldList"_s);
        QVERIFY(list != nullptr);
        QCOMPARE(list->count(), 401);
        auto* search = picker.findChild<QLineEdit*>(u"fieldSearch"_s);
        QTest::keyClicks(search, u"SENSOR 39"_s);
        QCOMPARE(list->count(), 11); // 39, and 390 to 399
        for (int row = 0; row < FieldPicker::maxSelected + 1; ++row)
            list->item(row)->setCheckState(Qt::Checked);
        QCOMPARE(picker.selected().size(), FieldPicker::maxSelected);
        QCOMPARE(list->item(FieldPicker::maxSelected)->checkState(), Qt::Unchecked);
        const QString last = picker.selected().last();
        list->window()->close();
        QTRY_VERIFY(picker.findChild<QListWidget*>(u"fieldList"_s) == nullptr);
        QTRY_VERIFY(hasButton(picker, fieldLabel(last)));
    }

    void showsArrayElementsAndEscapedKeys() {
        PlainServer server{1};
        server.readings = {readingOf(server, {{"gps"_L1, QJsonArray{54.5, 18.5}}, {"a.b"_L1, 7}})};
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        const ReadingModel& model = desk.window().devicePage().readings().model();
        QTRY_COMPARE(model.rowCount(), 1);
        QStringList values;
        for (int column = ReadingModel::FirstField; column < model.columnCount(); ++column)
            values << model.index(0, column).data().toString();
        values.sort();
        QCOMPARE(values, (QStringList{QLocale{}.toString(18.5), QLocale{}.toString(54.5), u"7"_s}));
    }

    void fieldsWithEqualKeysHaveUniqueHeaders() {
        PlainServer server{1};
        server.readings = {readingOf(server, {{"battery"_L1, QJsonObject{{"temperature_c"_L1, 30}}},
                                              {"indoor"_L1, QJsonObject{{"temperature_c"_L1, 1e-12}}},
                                              {"huge"_L1, 1e308}})};
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        const ReadingModel& model = desk.window().devicePage().readings().model();
        QTRY_COMPARE(model.rowCount(), 1);
        QStringList headers;
        QStringList values;
        for (int column = ReadingModel::FirstField; column < model.columnCount(); ++column) {
            headers << model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
            values << model.index(0, column).data().toString();
        }
        headers.sort();
        values.sort();
        QCOMPARE(headers,
                 (QStringList{u"battery temperature (°C)"_s, u"huge"_s, u"indoor temperature (°C)"_s}));
        QCOMPARE(values, (QStringList{u"1E+308"_s, u"1E-12"_s, u"30"_s}));
        QTRY_VERIFY(hasButton(desk.window().devicePage().fields(), u"indoor temperature"_s));
        QVERIFY(!desk.window().devicePage().chart().grab().isNull());
    }

    void shortcutsWorkInTheSearchField() {
        PlainServer server{2};
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        DeviceList& list = desk.window().list();
        QTRY_COMPARE(list.filter().rowCount(), 2);
        QTRY_VERIFY(!desk.window().devicePage().device().isEmpty());
        desk.window().activateWindow();
        QTRY_VERIFY(desk.window().isActiveWindow());
        list.focusSearch();
        auto* search = list.findChild<QLineEdit*>(u"search"_s);
        QTRY_VERIFY(search->hasFocus());
        QTest::keyClick(search, Qt::Key_Delete, Qt::ControlModifier);
        const auto openDialog = [&]() -> QDialog* {
            for (QDialog* dialog : desk.window().findChildren<QDialog*>())
                if (dialog->isVisible())
                    return dialog;
            return nullptr;
        };
        QTRY_VERIFY(openDialog() != nullptr);
        QVERIFY(openDialog()->findChild<QPushButton*>(u"yes"_s) != nullptr);
        openDialog()->close();
        QTRY_VERIFY(openDialog() == nullptr);

        desk.window().activateWindow();
        list.focusSearch();
        QTRY_VERIFY(search->hasFocus());
        QTest::keyClick(search, Qt::Key_E, Qt::ControlModifier);
        QTRY_VERIFY(openDialog() != nullptr);
        openDialog()->close();
        QTRY_VERIFY(openDialog() == nullptr);

        // Editing shortcuts still work in the line edit.
        search->setText(u"abc"_s);
        list.focusSearch();
        QTest::keyClick(search, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(search, Qt::Key_Delete);
        QCOMPARE(search->text(), QString{});
    }

    void changesTheLanguageAndKeepsTheView() {
        PlainServer server{5};
        QJsonObject payload{{"metrics"_L1, QJsonObject{{"temperature_c"_L1, 21.5}}}, {"open"_L1, true}};
        server.readings = {readingOf(server, payload)};
        Desk desk{server.address()};
        desk.start();
        QVERIFY(desk.signIn(u"ada@example.com"_s, u"right password"_s));
        QTRY_COMPARE(desk.window().list().filter().rowCount(), 5);
        const QString deviceId = PlainServer::deviceId(3);
        desk.window().list().tree().select(deviceId);
        QTRY_COMPARE(desk.window().devicePage().device(), deviceId);
        auto* search = desk.window().list().findChild<QLineEdit*>(u"search"_s);
        search->setText(u"e"_s);
        FieldPicker& fields = desk.window().devicePage().fields();
        QTRY_COMPARE(fields.selected(), (QStringList{u"metrics.temperature_c"_s, u"open"_s}));
        fields.select({u"open"_s});

        const QPointer<MainWindow> previous = &desk.window();
        Q_EMIT previous->languageChosen(u"pl"_s);
        QVERIFY(previous != &desk.window());
        QTRY_VERIFY(previous == nullptr);
        QCOMPARE(desk.window().list().findChild<QLineEdit*>(u"search"_s)->text(), u"e"_s);
        QTRY_COMPARE(desk.window().devicePage().device(), deviceId);
        QTRY_VERIFY(hasButton(desk.window(), u"Flota"_s));
        const ReadingModel& model = desk.window().devicePage().readings().model();
        QTRY_COMPARE(model.columnCount(), ReadingModel::FirstField + 2);
        QCOMPARE(model.headerData(ReadingModel::FirstField, Qt::Horizontal, Qt::DisplayRole).toString(),
                 u"temperatura (°C)"_s);
        QCOMPARE(model.index(0, ReadingModel::FirstField).data().toString(), u"21,5"_s);
        QCOMPARE(model.index(0, ReadingModel::FirstField + 1).data().toString(), u"tak"_s);
        QCOMPARE(categoryName(u"weather_station"_s, u"Weather station"_s), u"Stacja pogodowa"_s);
        QCOMPARE(categoryName(u"boiler"_s, u"Boiler"_s), u"Boiler"_s);

        QTRY_COMPARE(desk.window().devicePage().readings().chart().fields(), QStringList{u"open"_s});
        desk.window().devicePage().fields().select({});

        Q_EMIT desk.window().languageChosen(u"en"_s);
        QTRY_COMPARE(desk.window().devicePage().device(), deviceId);
        QTRY_VERIFY(desk.window().devicePage().drawnFields() == QStringList{});
        QTRY_VERIFY(hasButton(desk.window(), u"Fleet"_s));
    }
};

} // namespace breakwater::desktop::test

int main(int argc, char** argv) {
    return breakwater::desktop::test::runWithWindows<breakwater::desktop::test::FieldsTest>(argc, argv);
}
#include "fields_test.moc"
