using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Components.Pieces;

/// <summary>How dialogs open here: bounded in width, closed by Esc, not by a click beside them that would lose what was typed.</summary>
public static class Dialogs
{
    /// <summary>Opens a form; gives back what it was closed with, null when it was dismissed.</summary>
    /// <typeparam name="T">The dialog's component.</typeparam>
    public static async Task<object?> OpenFormAsync<T>(this DialogService dialogs, string title, Dictionary<string, object?> parameters) where T : ComponentBase =>
        await dialogs.OpenAsync<T>(title, parameters!, new DialogOptions
        {
            Width = "min(640px, calc(100vw - 1.5rem))",
            CloseDialogOnEsc = true,
            CloseDialogOnOverlayClick = false,
            AutoFocusFirstElement = true,
        });

    /// <summary>Asks before something that hurts; with a phrase to type where it cannot be undone.</summary>
    /// <returns>True when it was confirmed.</returns>
    public static async Task<bool> ConfirmAsync(this DialogService dialogs, string title, string consequence, string? phrase, string action) =>
        await dialogs.OpenFormAsync<ConfirmDialog>(title, new(StringComparer.Ordinal)
        {
            [nameof(ConfirmDialog.Consequence)] = consequence,
            [nameof(ConfirmDialog.Phrase)] = phrase,
            [nameof(ConfirmDialog.Action)] = action,
        }) is true;
}
