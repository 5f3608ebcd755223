using Microsoft.Playwright;

namespace AspireGateway.Integration.Tests.Portal;

/// <summary>
/// The looks in which a page that is open must be readable and fit: at a desk in the light theme, at the narrowest window that it is worked on, and on a
/// phone in the dark theme. The page is not opened anew for each: theme and width are the style sheet's business alone, and opening is what takes time.
/// </summary>
internal static class Looks
{
    /// <summary>The width at a desk, in pixels.</summary>
    public const int Desk = 1440;

    private const int Narrowest = 1280, Phone = 390, Height = 900;

    /// <summary>Asserts all of them of a page that is open in the light theme at a desk, takes pictures where they are asked for, and leaves it as it was.</summary>
    public static async Task AssertAsync(Visit visit, string picture)
    {
        await visit.PictureAsync($"{picture}-light-{Desk}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await visit.Page.SetViewportSizeAsync(Narrowest, Height);
        await visit.AssertFitsAsync();
        await visit.Page.SetViewportSizeAsync(Phone, Height);
        await OtherThemeAsync(visit);
        await visit.PictureAsync($"{picture}-dark-{Phone}");
        await visit.AssertAccessibleAsync();
        await visit.AssertFitsAsync();
        await visit.Page.SetViewportSizeAsync(Desk, Height);
        await OtherThemeAsync(visit);
    }

    // As the button does it that everybody uses, which may be in the drawer on a phone.
    private static async Task OtherThemeAsync(Visit visit) => await visit.Page.EvaluateAsync("document.querySelector('[data-theme-toggle]').click()");
}
