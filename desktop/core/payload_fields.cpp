#include "core/payload_fields.hpp"

#include <QLocale>

#include <limits>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr int deepest = 8;

void collect(const QJsonObject& from, const QString& way, int depth, PayloadFields& into) {
    for (auto each = from.begin(); each != from.end(); ++each) {
        const bool about = way.isEmpty() && (each.key() == "__simulated__"_L1 ||
                                             each.key() == "timestamp"_L1 || each.key() == "category"_L1);
        if (about || each->isArray())
            continue;
        const QString name = way.isEmpty() ? each.key() : way + u'.' + each.key();
        if (!each->isObject())
            into.emplace_back(name, each.value());
        else if (depth < deepest)
            collect(each->toObject(), name, depth + 1, into);
    }
}

} // namespace

PayloadFields fieldsOf(const QJsonObject& payload) {
    PayloadFields fields;
    collect(payload, {}, 0, fields);
    return fields;
}

QString fieldLabel(const QString& field) {
    QString label = field.section(u'.', -1);
    label.replace(u'_', u' ');
    return label;
}

QString valueText(const QJsonValue& value) {
    switch (value.type()) {
    case QJsonValue::Double:
        return QLocale::c().toString(value.toDouble(), 'g', QLocale::FloatingPointShortest);
    case QJsonValue::Bool: return value.toBool() ? u"true"_s : u"false"_s;
    case QJsonValue::String: return value.toString();
    default: return {};
    }
}

double drawable(const QJsonValue& value) {
    if (value.isBool())
        return value.toBool() ? 1 : 0;
    return value.toDouble(std::numeric_limits<double>::quiet_NaN());
}

} // namespace breakwater::desktop
