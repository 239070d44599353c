"""Namespaces of an XForm, as lxml writes them before a name."""

XF = "{http://www.w3.org/2002/xforms}"
H = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
ORX = "{http://openrosa.org/xforms}"
ODK = "{http://www.opendatakit.org/xforms}"
ENTITIES = "{http://www.opendatakit.org/xforms/entities}"
#: the column `bind::bianmin:from` of a workbook: where a prefilled answer comes from
FROM = "{https://bianmin.example/xforms}from"
