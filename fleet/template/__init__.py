"""The workbook operators begin with: one invented item with guide, situations, materials and form, all explained."""
