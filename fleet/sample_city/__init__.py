"""海湾市 (Haiwan), a city that does not exist: the sample data everything is shown and tested with.

Every person, number, office, terminal and telephone in this folder is invented. 370299 is no division of
GB/T 2260. Laws are named because guides must name them; nothing here is advice on what a real city asks for.

The readable sources are TOML (`city.toml`, `items/`, `forms/`); `python -m fleet.sample_city` turns them into
the workbooks operators would edit (`city.xlsx`, `forms/*.xlsx`) and photographs an invented paper.
"""
