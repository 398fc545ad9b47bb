from directory.views.crawlers import favicon, robots, salon_robots, salon_sitemap, sitemap
from directory.views.pages import home, legal, pricing
from directory.views.salons import directory

__all__ = ["directory", "favicon", "home", "legal", "pricing", "robots", "salon_robots", "salon_sitemap", "sitemap"]
