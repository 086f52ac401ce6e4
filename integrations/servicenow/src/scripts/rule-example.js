(function executeRule(current, previous) {
    if (current.getValue('example') && current.getValue('example') === current.getUniqueValue()) {
        gs.addErrorMessage('This is an example, and the next update would switch it off again. Make a copy (Insert and Stay in the menu of the form), and switch on the copy.');
        current.setAbortAction(true);
    }
})(current, previous);
